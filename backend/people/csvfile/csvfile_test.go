package csvfile

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"seatkeeper/backend/domain"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// madeOn is the day of the files in testdata.
var madeOn = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// told is everything that a file says, for golden files.
type told struct {
	Head Head
	Rows []Row
	Bad  []Bad
	Err  string `json:",omitempty"`
}

func readAll(r io.Reader) told {
	var out told
	in, err := Open(r, madeOn)
	if err != nil {
		out.Err = err.Error()
		return out
	}
	out.Head = in.Head
	for {
		row, bad, err := in.Next()
		out.Bad = append(out.Bad, bad...)
		switch {
		case errors.Is(err, io.EOF):
			return out
		case err != nil:
			out.Err = err.Error()
			return out
		case len(bad) == 0 || !bad[len(bad)-1].Row:
			out.Rows = append(out.Rows, row)
		}
	}
}

// TestGolden reads each file of testdata.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.MarshalIndent(readAll(f), "", " ") //nolint:musttag // only for the golden files
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(path, ".csv") + ".golden"
		if *update {
			if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || string(want) != string(got)+"\n" {
			t.Errorf("%s differs (%v):\n%s", golden, err, got)
		}
	}
}

const users = "User id,User name,email,User status,Last seen in Jira - acme\n"

// TestEncodings: the same file in every encoding and with every separator says the same.
func TestEncodings(t *testing.T) {
	text := users + "id-1,\"Mia, K\",mia@example.com,Active,12 Mar 2026\nid-2,Jö 😀,jo@example.com,Suspended,Never accessed\n"
	want := fmt.Sprint(readAll(strings.NewReader(text)))
	if !strings.Contains(want, "Jö 😀") || !strings.Contains(want, "20524") {
		t.Fatal(want)
	}
	wide := func(bigEndian, bom bool) string {
		units := utf16.Encode([]rune(text))
		if bom {
			units = append([]uint16{0xFEFF}, units...)
		}
		var b []byte
		for _, u := range units {
			if bigEndian {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return string(b)
	}
	forms := map[string]string{
		"UTF-8 with BOM": "\ufeff" + text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "sep line": "sep=,\n" + text,
		"UTF-16LE": wide(false, true), "UTF-16BE": wide(true, true), "UTF-16LE without BOM": wide(false, false), "UTF-16BE without BOM": wide(true, false),
		"empty lines": "\n\n" + strings.ReplaceAll(text, "\n", "\n,,,,\n"),
	}
	for name, form := range forms {
		got := readAll(strings.NewReader(form))
		for i := range got.Rows {
			got.Rows[i].Line = i + 2
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s:\n%v\n%v", name, got, want)
		}
	}
	for _, separator := range []string{";", "\t"} {
		form := strings.ReplaceAll(strings.ReplaceAll(text, ",", separator), "Mia"+separator, "Mia,")
		if got := fmt.Sprint(readAll(strings.NewReader(form))); got != want {
			t.Errorf("%q:\n%s\n%s", separator, got, want)
		}
	}
}

// TestDays: a day is taken only where one reading is possible.
func TestDays(t *testing.T) {
	r := &Reader{latest: domain.UnixDay(madeOn) + 2}
	for cell, want := range map[string]int32{
		"": domain.DayUnknown, "-": domain.DayUnknown, "None": domain.DayUnknown, "N/A": domain.DayUnknown,
		"Never accessed": 0, "Never Accessed": 0, "never logged in": 0,
		"12 Mar 2026": 20524, "2 Jan 2006": 13150, "2026-03-12": 20524, "Mar 12, 2026": 20524, "2026-03-12T23:59:59.999Z": 20524, "2026-03-12 08:00:00": 20524,
		"2026-03-12T23:30:00-05:00": 20525, "20 Nov 2026": 20777,
		// from older exports, and as spreadsheet programs save them
		"14 Dec 2025 15:31:57": 20436, "2026-03-12 00:00:00": 20524, "2026/03/12": 20524, "12-Mar-26": 20524, "12-Mar-2026": 20524, "12. Mar 2026": 20524,
		"12. March 2026": 20524, "12.03.2026": 20524, "12.3.2026 08:15": 20524, "13/03/2026": 20525, "03/13/2026": 20525, "3/13/2026 2:05 PM": 20525, "04/04/2026": 20547,
	} {
		if got, mistake := r.day(cell); got != want || mistake != "" {
			t.Errorf("%q: %d %s, want %d", cell, got, mistake, want)
		}
	}
	for _, cell := range []string{"03/04/2026", "03/04/2026 10:00", "13/13/2026", "12.13.2026", "46o93", "46093.x", "73051", "99999", "1899", "13/03/26", "yesterday", "1", "20260312", "31 Feb 2026", "24 Nov 2026", "2 Jan 1970", "9999-99-99", "Active"} {
		if got, mistake := r.day(cell); got != domain.DayUnknown || mistake == "" {
			t.Errorf("%q: %d %q", cell, got, mistake)
		}
	}
	if r.Serials {
		t.Error("days were met as a spreadsheet program counts them")
	}
	for cell, want := range map[string]int32{"46093": 20524, "46093.75": 20524, "46093.000": 20524} {
		if got, mistake := r.day(cell); got != want || mistake != "" || !r.Serials {
			t.Errorf("%q: %d %s", cell, got, mistake)
		}
	}
}

// TestHostile: no file makes the reader crash, hang, grow, or take one person's row for another's.
func TestHostile(t *testing.T) {
	long := strings.Repeat("x", 3<<20)
	for name, text := range map[string]string{
		"a line of 3 MB":            users + long + "\nid-9,n,n@example.com,Active,\n",
		"a quoted cell of 3 MB":     users + `"` + long + `"` + "\nid-9,n,n@example.com,Active,\n",
		"a quote without an end":    users + "\"open,x,y@example.com,Active,\nid-9,n,n@example.com,Active,\n",
		"NUL in a row":              users + "id-1\x00,x,y@example.com,Active,\nid-9,n,n@example.com,Active,\n",
		"bytes that are not UTF-8":  users + "id-1,x,y\xff@example.com,Active,\nid-9,n,n@example.com,Active,\n",
		"more cells than columns":   users + "id-1,x,y@example.com,Active,,,,,7\nid-9,n,n@example.com,Active,\n",
		"a row without anybody":     users + ",x,,Active,\nid-9,n,n@example.com,Active,\n",
		"half a surrogate, no text": users + "\xed\xa0\x80,x,,Active,\nid-9,n,n@example.com,Active,\n",
		"only quotes":               users + strings.Repeat(`"`, 1001) + "\nid-9,n,n@example.com,Active,\n",
	} {
		got := readAll(strings.NewReader(text))
		if len(got.Rows) != 1 || got.Rows[0].AccountID != "id-9" || len(got.Bad) != 1 || !got.Bad[0].Row || got.Bad[0].Line != 2 {
			t.Errorf("%s: %d rows, bad %v, %s", name, len(got.Rows), got.Bad, got.Err)
		}
	}
	if got := readAll(strings.NewReader(users + long + "\n")); len(got.Bad) != 1 || !strings.Contains(got.Bad[0].Reason, "longer than 1 MB") {
		t.Errorf("a long line was kept: %v", got.Bad)
	}
	for name, text := range map[string]string{
		"empty": "", "blank": "\n\n \n", "a picture": "\x89PNG\r\n\x1a\n\x00\x00", "JSON": `{"users": []}`, "one long line": long, "other columns": "Issue,Summary\nA-1,x\n",
		"a list of groups": "Group id,Group name\n1,2\n", "a quote without an end": `"User id,email`,
	} {
		if got := readAll(strings.NewReader(text)); got.Err == "" || len(got.Rows) > 0 {
			t.Errorf("%s was taken: %+v", name, got)
		}
	}
	// A long name is cut off nothing: the row is good without it.
	got := readAll(strings.NewReader(users + "id-1," + strings.Repeat("n", MaxCell+1) + ",y@example.com,Active,\n"))
	if len(got.Rows) != 1 || got.Rows[0].Name != "" || len(got.Bad) != 1 || got.Bad[0].Row {
		t.Errorf("%+v", got)
	}
}

// TestFormulaCells: the apostrophe that keeps programs from calculating is no part of an address; a formula stays text.
func TestFormulaCells(t *testing.T) {
	got := readAll(strings.NewReader(users + "id-1,=HYPERLINK(1),'+49@example.com,Active,\nid-2,'O'Neil,o@example.com,Active,=1+1\n"))
	if len(got.Rows) != 2 || got.Rows[0].Name != "=HYPERLINK(1)" || got.Rows[0].Email != "+49@example.com" || got.Rows[1].Name != "'O'Neil" {
		t.Errorf("%+v", got.Rows)
	}
	if len(got.Bad) != 1 || got.Rows[1].Apps[0] != domain.DayUnknown {
		t.Errorf("a formula was taken for a day: %+v", got)
	}
}

// stream writes a file of so many rows while it is read.
func stream(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, _ = io.WriteString(w, users)
		for i := range n {
			if _, err := fmt.Fprintf(w, "712020:%08d,\"Person, %d\",p%d@example.com,Active,12 Mar 2026\n", i, i, i); err != nil {
				return
			}
		}
		_ = w.Close()
	}()
	return r
}

// TestStreams: a large file is read in the memory of a small one.
func TestStreams(t *testing.T) {
	live := func(n int) uint64 {
		in, err := Open(stream(n), madeOn)
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for {
			_, bad, err := in.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if rows++; err != nil || len(bad) > 0 {
				t.Fatal(err, bad)
			}
		}
		if rows != n {
			t.Fatal(rows)
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		runtime.KeepAlive(in)
		return m.HeapAlloc
	}
	small := live(100)
	if large := live(100_000); large > small+4<<20 {
		t.Errorf("100,000 rows keep %d bytes, 100 rows %d", large, small)
	}
}

func TestTooLarge(t *testing.T) {
	l := newLines(io.MultiReader(strings.NewReader(users), &bounded{in: strings.NewReader("a\nb\nc"), left: 3}))
	var err error
	for err == nil {
		_, err = l.next()
	}
	if e := domain.AsError(err); e.Code != domain.Invalid || !strings.Contains(e.Message, "larger") {
		t.Error(err)
	}
}

func TestReadList(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		values string
		twice  int
		bad    int
	}{
		"one to a line":        {"mia@example.com\njo@example.com\n", "mia@example.com jo@example.com", 0, 0},
		"commas between":       {"name,mail\nMia,mia@example.com\nJo,jo@example.com", "mia@example.com jo@example.com", 0, 0},
		"ids before addresses": {"Email;Account ID\nmia@example.com;712020:aaaa-1\n", "712020:aaaa-1", 0, 0},
		"ids in some rows":     {"E-mail,User,Account ID\nmia@example.com,,712020:aaaa-1\njo@example.com,Jo,\n,bo@example.com, \nal@example.com,,n/a\n,,\n", "712020:aaaa-1 jo@example.com bo@example.com", 0, 1},
		"without titles":       {"Mia,mia@example.com\nJo,jo@example.com\n", "mia@example.com jo@example.com", 0, 0},
		"twice":                {"email\nmia@example.com\nMIA@example.com\n", "mia@example.com", 1, 0},
		"not a person":         {"email\nmia@example.com\nnobody\n\n=cmd|' /C calc'!A0\n", "mia@example.com", 0, 2},
		"an id alone":          {"5b10ac8d82e05b22cc7d4ef5\n", "5b10ac8d82e05b22cc7d4ef5", 0, 0},
		"a name and a mail":    {"User;Mail\nMia;mia@example.com\n", "mia@example.com", 0, 0},
		"another encoding":     {"email\nmia@example.com\nm\xfcller@example.com\n", "mia@example.com", 0, 1},
		"many without anybody": {"email\nmia@example.com\n" + strings.Repeat("nobody\n", 3000), "mia@example.com", 0, 3000},
		"users export":         {users + "712020:aaaa-1,Mia,mia@example.com,Active,\n", "712020:aaaa-1", 0, 0},
	} {
		got, err := ReadList(strings.NewReader(c.text), Unchosen, false)
		if err != nil || strings.Join(got.Values, " ") != c.values || got.Twice != c.twice || len(got.Bad) != c.bad {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	for _, text := range []string{"", "email\n", "hello world\n", "name\nMia\n", "PK\x03\x04\x14\x00\x06", "\x00\x00\x00\x00\x00\x00"} {
		got, err := ReadList(strings.NewReader(text), Unchosen, false)
		if e := domain.AsError(err); e == nil || e.Code != domain.Invalid || !strings.HasPrefix(e.Hint, "A list has ") {
			t.Errorf("%q: %+v %+v", text, got, err)
		}
	}
	latin, err := ReadList(strings.NewReader("name;email\nM\xfcller;mia@example.com\nJo;jos\xe9@example.com\n"), Unchosen, false)
	if err != nil || len(latin.Values) != 1 || len(latin.Bad) != 1 || !strings.Contains(latin.Bad[0].Reason, "UTF-8") || latin.Bad[0].Line != 3 {
		t.Errorf("%+v %v", latin, err)
	}
}

// FuzzRead: whatever is read, it ends, and a row that is given names somebody.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.csv")
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := readAll(strings.NewReader(text))
		if len(got.Rows)+len(got.Bad) > strings.Count(text, "\n")*(len(got.Head.Used)+2)+strings.Count(text, "\x0a\x00")*(len(got.Head.Used)+2)+len(got.Head.Used)+3 {
			t.Fatalf("%d rows and %d mistakes of %d lines", len(got.Rows), len(got.Bad), strings.Count(text, "\n"))
		}
		for _, row := range got.Rows {
			if row.AccountID == "" && row.Email == "" || len(row.Apps) != len(got.Head.Apps) {
				t.Fatalf("%+v", row)
			}
			for _, d := range append(row.Apps, row.LastDay) {
				if d < domain.DayUnknown || d > domain.UnixDay(madeOn)+2 {
					t.Fatalf("day %d in %+v", d, row)
				}
			}
		}
		if _, err := ReadList(strings.NewReader(text), Unchosen, false); err != nil && domain.CodeOf(err) != domain.Invalid {
			t.Fatal(err)
		}
	})
}

// TestLineEnds: whatever ends the lines, the rows are the same.
func TestLineEnds(t *testing.T) {
	const text = "Name,Email\nMia,mia@example.com\n\"J\no\",jo@example.com\n\nLi,li@example.com"
	for _, end := range []string{"\n", "\r\n", "\r", "\r\r\n"} {
		for _, last := range []string{"", end} {
			file := strings.ReplaceAll(text, "\n", end) + last
			for name, r := range map[string]string{"UTF-8": file, "UTF-16": string(utf16le(file))} {
				got, err := ReadList(strings.NewReader(r), Unchosen, false)
				if err != nil || strings.Join(got.Values, " ") != "mia@example.com jo@example.com li@example.com" || len(got.Bad) != 0 {
					t.Errorf("%q in %s: %+v %v", end, name, got, err)
				}
			}
		}
	}
	rows := readAll(strings.NewReader(strings.ReplaceAll(users+"712020:aaaa-1,Mia,mia@example.com,Active,\n712020:aaaa-2,Jo,jo@example.com,Active,\n", "\n", "\r")))
	if len(rows.Rows) != 2 || len(rows.Bad) != 0 || rows.Rows[1].Line != 3 {
		t.Errorf("%+v", rows)
	}
}

// TestHalfACharacter: of a UTF-16 file half a character is lost alone, not what stands beside it, be it a separator or
// the line's end.
func TestHalfACharacter(t *testing.T) {
	broken := func(text string) string { // every snowman becomes the first half of a pair
		return strings.ReplaceAll(string(utf16le(text)), "\x03\x26", "\x3d\xd8")
	}
	const want = "mia@example.com jo@example.com"
	for where, file := range map[string]string{
		"before a comma":      broken("name,email\nMia☃,mia@example.com\nJo☃,jo@example.com\n"),
		"before a line's end": broken("email,name\nmia@example.com,Mia☃\njo@example.com,Jo☃\n"),
		"at the file's end":   broken("email,name\nmia@example.com,Mia\njo@example.com,Jo☃"),
		"half a unit at last": string(append(utf16le("email,name\nmia@example.com,Mia\njo@example.com,Jo\n"), 'x')),
		"many":                broken("email,name\nmia@example.com,☃☃\njo@example.com,☃ ☃\n"),
	} {
		got, err := ReadList(strings.NewReader(file), Unchosen, false)
		if err != nil || strings.Join(got.Values, " ") != want {
			t.Errorf("%s: %+v %v", where, got, err)
		}
	}
}

func utf16le(s string) []byte {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// TestWhichColumn: a list takes everybody who stands in it, from the column that is meant; where that is not certain it
// takes nobody and asks.
func TestWhichColumn(t *testing.T) {
	const managers = "boss@example.com,Mia Keller,mia@example.com,2026-11-30\nboss@example.com,Jo Ng,jo@example.com,2026-11-30\n"
	for name, c := range map[string]struct {
		text      string
		choice    Choice
		userNames bool
		values    string // "?": it asks
		column    string
		bad       int
	}{
		"commas on a line":             {text: "mia@example.com, jo@example.com, li@example.com", values: "mia@example.com jo@example.com li@example.com"},
		"semicolons on a line":         {text: "mia@example.com; jo@example.com;", values: "mia@example.com jo@example.com"},
		"two lines":                    {text: "mia@example.com, jo@example.com\nli@example.com\n", values: "mia@example.com jo@example.com li@example.com"},
		"blanks":                       {text: "mia@example.com jo@example.com\n\tli@example.com\n", values: "mia@example.com jo@example.com li@example.com"},
		"a mail program's line":        {text: `Keller, Mia <mia@example.com>; "Ng, Jo" <jo@example.com>; li@example.com`, values: "mia@example.com jo@example.com li@example.com"},
		"names before addresses":       {text: "Mia Keller <mia@example.com>\nJo Ng <mailto:jo@example.com>\n", values: "mia@example.com jo@example.com"},
		"links":                        {text: "email\nmailto:mia@example.com\nMAILTO:jo@example.com\n", values: "mia@example.com jo@example.com", column: "“email” (column 1)"},
		"apostrophes":                  {text: "email\nsean.o'brien@example.com\n'jo@example.com'\n\"d'angelo@example.com\"\n", values: "sean.o'brien@example.com jo@example.com d'angelo@example.com", column: "“email” (column 1)"},
		"several in a cell":            {text: "team,mail\nA,\"mia@example.com; jo@example.com\"\n", values: "mia@example.com jo@example.com", column: "“mail” (column 2)"},
		"half of a cell is nobody":     {text: "mail\nmia@example.com; jo(at)example.com\nli@@example.com\n", values: "mia@example.com", column: "“mail” (column 1)", bad: 2},
		"two columns, no titles":       {text: managers, values: "?"},
		"two columns, unknown titles":  {text: "Manager email,Employee,Work email,Last day\n" + managers, values: "?"},
		"two columns, one known title": {text: "Manager email,Employee,Email,Last day\n" + managers, values: "mia@example.com jo@example.com", column: "“Email” (column 3)"},
		"two addresses to a line":      {text: "boss@example.com,mia@example.com\nboss@example.com,jo@example.com\n", values: "?"},
		"the same twice known":         {text: "Email,E-mail address\nmia@example.com,MIA@example.com\n", values: "mia@example.com", column: "“Email” (column 1), or where it is empty “E-mail address” (column 2)"},
		"two known that differ":        {text: "Email,E-mail address\nboss@example.com,mia@example.com\n", values: "?"},
		"the third is chosen":          {text: managers, choice: 3, values: "mia@example.com jo@example.com", column: "column 3"},
		"all are chosen":               {text: managers, choice: Everywhere, values: "boss@example.com mia@example.com jo@example.com", column: "all columns"},
		"another than the title says":  {text: "Manager email,Employee,Email,Last day\n" + managers, choice: 1, values: "boss@example.com", column: "“Manager email” (column 1)"},
		"days are no ids":              {text: "Name,When,Who\nMia,2026-11-30,mia@example.com\nJo,12-Mar-26,jo@example.com\n", values: "mia@example.com jo@example.com", column: "“Who” (column 3)"},
		"user names":                   {text: "Username\nmia.k\njo ng\nli\n", userNames: true, values: "mia.k li", column: "“Username” (column 1)", bad: 1},
		"addresses before user names":  {text: "Username,Email,Status\nmia.k,mia@example.com,Active\njo.n,,Active\n", userNames: true, values: "mia@example.com jo.n", column: "“Email” (column 2), or where it is empty “Username” (column 1)"},
		"user names elsewhere":         {text: "Username,Email\nmia.k,mia@example.com\njo.n,\n", values: "mia@example.com", column: "“Email” (column 2)", bad: 1},
	} {
		got, err := ReadList(strings.NewReader(c.text), c.choice, c.userNames)
		if c.values == "?" {
			if err != nil || got.Choice != Unchosen || len(got.Values) != 0 || len(got.Columns) != 2 || got.Columns[1].People == 0 || len(got.Columns[1].Sample) == 0 {
				t.Errorf("%s: it does not ask: %+v %v", name, got, err)
			}
			continue
		}
		if err != nil || strings.Join(got.Values, " ") != c.values || got.Column != c.column || len(got.Bad) != c.bad || got.Choice == Unchosen {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
	for _, choice := range []Choice{2, 9, -2} {
		if got, err := ReadList(strings.NewReader(managers), choice, false); err == nil && choice != Everywhere {
			t.Errorf("column %d: %+v", choice, got)
		}
	}
}
