package sim

import "strings"

// culture is where a person's name, place and e-mail spelling come from. Names are "as written|as in an e-mail address".
type culture struct {
	weight      int
	familyFirst bool
	place       uint8 // index into places
	given       []string
	family      []string
}

func list(s string) []string { return strings.Fields(strings.ReplaceAll(s, "\n", " ")) }

var cultures = []culture{
	{30, false, 0, list(`James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan
		Joseph Jessica Thomas Sarah Daniel Karen Olivia Liam Ava Noah Siobhan|siobhan Seán|sean`),
		list(`Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson Martin Lee Thompson White
		Harris Clark Lewis Walker O'Brien|obrien McDonald Hall Young`)},
	{12, false, 1, list(`Jürgen|juergen Anna Lukas Zoë|zoe Björn|bjoern Käthe|kaethe Maximilian Sophie Felix Lena Jörg|joerg Mia
		Paul Hannah Günther|guenther Clara Leon Emilia`),
		list(`Müller|mueller Schmidt Schneider Fischer Weiß|weiss Krüger|krueger Größe|groesse Wagner Becker Schäfer|schaefer
		Köhler|koehler Hoffmann Vogel Jäger|jaeger Böhm|boehm Straßer|strasser`)},
	{9, false, 2, list(`Chloé|chloe François|francois Élodie|elodie Hugo Léa|lea Jérôme|jerome Maëlle|maelle Louis Inès|ines
		Gaël|gael Noémie|noemie Théo|theo Camille Raphaël|raphael`),
		list(`Lefèvre|lefevre Dubois Moreau Bérenger|berenger Girard Gauthier d'Aubigné|daubigne Rousseau Noël|noel Perrin
		Leclerc Fournier Marchand Besançon|besancon`)},
	{9, false, 3, list(`José|jose María|maria Íñigo|inigo Lucía|lucia Andrés|andres Begoña|begona Martín|martin Sofía|sofia
		Joaquín|joaquin Ángela|angela João|joao Conceição|conceicao`),
		list(`García|garcia Núñez|nunez Rodríguez|rodriguez Peña|pena Sánchez|sanchez Ibáñez|ibanez Muñoz|munoz Gutiérrez|gutierrez
		Gonçalves|goncalves Araújo|araujo Castro Ortega`)},
	{6, false, 4, list(`Иван|ivan Анна|anna Дмитрий|dmitry Ольга|olga Сергей|sergey Екатерина|ekaterina Алексей|alexey Юлия|yulia
		Фёдор|fyodor Наталья|natalya Олександр|oleksandr Ївга|yivha`),
		list(`Иванов|ivanov Петрова|petrova Смирнов|smirnov Кузнецова|kuznetsova Соколов|sokolov Щербакова|shcherbakova
		Шевченко|shevchenko Коваленко|kovalenko Зайцев|zaytsev Жукова|zhukova`)},
	{4, false, 5, list(`Αλέξανδρος|alexandros Μαρία|maria Γιώργος|giorgos Ελένη|eleni Νίκος|nikos Χριστίνα|christina Ζωή|zoi
		Οδυσσέας|odysseas`),
		list(`Παπαδόπουλος|papadopoulos Γεωργίου|georgiou Οικονόμου|oikonomou Νικολαΐδης|nikolaidis Καραγιάννης|karagiannis
		Ψαρράς|psarras Σταύρος|stavros`)},
	{5, false, 6, list(`محمد|mohammed فاطمة|fatima أحمد|ahmed ليلى|layla يوسف|yousef مريم|maryam عمر|omar نور|noor خالد|khaled هدى|huda`),
		list(`العلي|alali الحسن|alhassan منصور|mansour خليل|khalil الشامي|alshami حدّاد|haddad درويش|darwish صالح|saleh`)},
	{4, false, 7, list(`נועה|noa דוד|david יעל|yael אורי|uri תמר|tamar איתן|eitan שירה|shira משה|moshe`),
		list(`כהן|cohen לוי|levi מזרחי|mizrahi פרידמן|friedman ביטון|biton אברהם|avraham שפירא|shapira`)},
	{6, true, 8, list(`伟|wei 芳|fang 娜|na 秀英|xiuying 敏|min 静|jing 强|qiang 磊|lei 洋|yang 艳|yan 婷婷|tingting 子涵|zihan`),
		list(`王|wang 李|li 张|zhang 刘|liu 陈|chen 杨|yang 黄|huang 赵|zhao 周|zhou 欧阳|ouyang 司马|sima`)},
	{5, true, 9, list(`陽菜|hina 蓮|ren さくら|sakura 大翔|hiroto 葵|aoi ユウキ|yuki 美咲|misaki 健太|kenta 結衣|yui 翼|tsubasa`),
		list(`佐藤|sato 鈴木|suzuki 高橋|takahashi 田中|tanaka 渡邊|watanabe 伊藤|ito 山本|yamamoto 中村|nakamura 齋藤|saito`)},
	{4, true, 10, list(`민준|minjun 서연|seoyeon 도윤|doyun 지우|jiwoo 하준|hajun 수빈|subin 예은|yeeun 현우|hyunwoo`),
		list(`김|kim 이|lee 박|park 최|choi 정|jung 강|kang 조|cho 남궁|namgung`)},
	{7, false, 11, list(`प्रिया|priya आरव|aarav अनन्या|ananya विवान|vivaan दीपिका|deepika राहुल|rahul कृष्णा|krishna श्रुति|shruti
		Arjun Lakshmi Sanjay Meera`),
		list(`शर्मा|sharma वर्मा|verma सिंह|singh गुप्ता|gupta मिश्रा|mishra पटेल|patel त्रिपाठी|tripathi Iyer Nair Reddy`)},
	{5, false, 12, list(`İbrahim|ibrahim Işıl|isil Çağla|cagla Ömer|omer Şeyma|seyma Iğdır|igdir Gökçe|gokce Yiğit|yigit Ümit|umit İrem|irem`),
		list(`Yılmaz|yilmaz Şahin|sahin Çelik|celik Öztürk|ozturk Aydın|aydin Işık|isik Doğan|dogan Kılıç|kilic İnan|inan`)},
	// The combining marks of these names are separate code points: they look like composed letters and compare unequal.
	{4, false, 13, list("Nguye\u0302\u0303n|nguyen Tha\u0300nh|thanh Hu\u031bo\u031bng|huong Zoe\u0308|zoe Rene\u0301e|renee A\u030ake|ake Du\u0303ng|dung"),
		list("Tra\u0302\u0300n|tran Le\u0302|le Pha\u0323m|pham Vo\u0303|vo \u0110a\u0323\u0306ng|dang Bu\u0300i|bui")},
	{4, false, 14, list(`Wanjiru Kwame Chidi Amara Oluwaseun Thandiwe Sipho Ngozi Ọlá|ola Adaeze`),
		list(`Okafor Mensah Mwangi Adeyemi Nkosi Dlamini Ọbásanjọ́|obasanjo Abebe Kamau`)},
}

// places pairs a location with its time zone.
var places = []struct{ name, zone string }{
	{"New York", "America/New_York"},
	{"Berlin", "Europe/Berlin"},
	{"Paris", "Europe/Paris"},
	{"Madrid", "Europe/Madrid"},
	{"Kyiv", "Europe/Kyiv"},
	{"Athens", "Europe/Athens"},
	{"Dubai", "Asia/Dubai"},
	{"Tel Aviv", "Asia/Jerusalem"},
	{"Shanghai", "Asia/Shanghai"},
	{"Tokyo", "Asia/Tokyo"},
	{"Seoul", "Asia/Seoul"},
	{"Bengaluru", "Asia/Kolkata"},
	{"Istanbul", "Europe/Istanbul"},
	{"Ho Chi Minh City", "Asia/Ho_Chi_Minh"},
	{"Lagos", "Africa/Lagos"},
	{"Sydney", "Australia/Sydney"},
}

// hostileNames are what a person may call herself to harm who reads the list.
var hostileNames = []string{
	`<script>alert("name")</script>`,
	`<img src=x onerror=alert(1)> O'Neil`,
	"Anna\u202Egnp.exe", // right-to-left override: reads as "Annaexe.png"
	"Line\r\nBreak: injected",
	`=HYPERLINK("http://evil.example","Click")`,
	"+1+cmd|' /C calc'!A0",
	"@SUM(1+1)*cmd",
	"-2+3",
	"Adm\u0456n Ope\u0433ator", // Cyrillic letters that look Latin
	"\u2066Hidden\u2069\u200b\u200d\ufeff Zero",
	"tab\tseparated\t\"quoted\", comma; semicolon",
	strings.Repeat("Very long name ", 20),
	"{{7*7}} ${7*7} %s%n",
	"'; DROP TABLE users; --",
	"👩🏽‍💻 Émile 🏳️‍🌈",
	"Z̸̡̢̨a̴͝͠l̵͘͝g̷̀́o̶",
}

// departments with their share of the people, in percent, and their job titles.
var departments = []struct {
	name   string
	weight int
	titles []string
}{
	{"Engineering", 34, []string{"Software Engineer", "Senior Software Engineer", "Engineering Manager", "QA Engineer", "Site Reliability Engineer"}},
	{"Support", 14, []string{"Support Agent", "Support Lead", "Technical Writer"}},
	{"Sales", 14, []string{"Account Executive", "Sales Engineer", "Sales Development Representative"}},
	{"Marketing", 8, []string{"Marketing Manager", "Content Designer", "Event Coordinator"}},
	{"Product", 8, []string{"Product Manager", "Product Designer", "User Researcher"}},
	{"Operations", 8, []string{"Operations Analyst", "IT Administrator", "Procurement Specialist"}},
	{"Finance", 5, []string{"Controller", "Accountant", "Payroll Specialist"}},
	{"People", 5, []string{"Recruiter", "People Partner"}},
	{"Legal", 2, []string{"Counsel", "Compliance Officer"}},
	{"R&D", 2, []string{"Researcher", "Data Scientist"}},
}

// publicDomains are the e-mail domains of people from outside.
var publicDomains = []string{"gmail.com", "outlook.com", "partner-agency.example", "contractor.example", "gmx.de", "qq.com"}
