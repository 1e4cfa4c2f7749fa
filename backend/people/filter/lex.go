package filter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

type tokenKind int

const (
	endToken tokenKind = iota
	wordToken
	stringToken
	numberToken
	dateToken
	spanToken
	opToken    // = != ~ !~ < <= > >=
	punctToken // ( ) , && || !
)

// token is one piece of the text. text is the decoded string, the word, or the sign itself.
type token struct {
	kind     tokenKind
	text     string
	pos, end int
}

// is tells whether the token is that keyword.
func (t token) is(keyword string) bool {
	return t.kind == wordToken && strings.EqualFold(t.text, keyword)
}

// sign tells whether the token is that sign.
func (t token) sign(s string) bool { return (t.kind == punctToken || t.kind == opToken) && t.text == s }

// lex cuts the text into tokens; the last one is always an endToken.
func lex(text string) ([]token, *Error) {
	var tokens []token
	for pos := 0; ; {
		pos += len(text[pos:]) - len(strings.TrimLeftFunc(text[pos:], unicode.IsSpace))
		if pos == len(text) {
			return append(tokens, token{endToken, "", pos, pos}), nil
		}
		t, err := next(text, pos)
		if err != nil {
			return tokens, bracketed(text, tokens, quoteInside(text, tokens, err))
		}
		tokens = append(tokens, t)
		pos = t.end
	}
}

func next(text string, pos int) (token, *Error) {
	r, size := utf8.DecodeRuneInString(text[pos:])
	rest := text[pos:]
	switch {
	case r == '"' || r == '\'':
		return lexString(text, pos)
	case isWordStart(r):
		end := wordEnd(text, pos)
		return token{wordToken, text[pos:end], pos, end}, nil
	case r >= '0' && r <= '9', (r == '-' || r == '+') && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return lexNumeric(text, pos), nil
	}
	for _, op := range []string{"!=", "!~", "<=", ">=", "=", "~", "<", ">"} {
		if strings.HasPrefix(rest, op) {
			return token{opToken, op, pos, pos + len(op)}, nil
		}
	}
	for _, p := range []string{"&&", "||", "(", ")", ",", "!"} {
		if strings.HasPrefix(rest, p) {
			return token{punctToken, p, pos, pos + len(p)}, nil
		}
	}
	err := errorAt(pos, pos+size, "The character '%s' has no meaning here.", domain.Visible(string(r)))
	switch {
	case r == utf8.RuneError && size <= 1:
		err.Message = "The text is not valid UTF-8 here."
	case strings.ContainsRune("“”„«»", r):
		err = curly(text, pos, size, `“”„«»"`, `"`)
	case strings.ContainsRune("‘’‚`´", r):
		err = curly(text, pos, size, "‘’‚`´'", `'`)
	case r == ':':
		err.Suggestion = "="
	case r == '&' || r == '|':
		err.Suggestion = map[rune]string{'&': "AND", '|': "OR"}[r]
	case r == '≤' || r == '≥' || r == '≠':
		err.Suggestion = map[rune]string{'≤': "<=", '≥': ">=", '≠': "!="}[r]
	case r == '−' || r == '–':
		err.Message, err.Suggestion = "Use a plain minus sign.", "-"
	}
	return token{}, err
}

// quoteInside says more about a quote without an end right behind a word: O'Neil.
func quoteInside(text string, before []token, err *Error) *Error {
	if len(before) == 0 || before[len(before)-1].kind != wordToken || before[len(before)-1].end != err.Pos || err.End != len(text) {
		return err
	}
	word := before[len(before)-1]
	end := word.pos + strings.IndexFunc(text[word.pos:]+" ", func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",()", r) })
	if run := text[word.pos:end]; utf8.ValidString(run) {
		err.Pos, err.End, err.Message, err.Suggestion = word.pos, end, "A text with a quote in it stands in quotes.", Quote(run)
	}
	return err
}

func isWordStart(r rune) bool {
	return r == '_' || r == '@' || (unicode.IsLetter(r) && r != utf8.RuneError)
}

func isWordPart(r rune) bool {
	return r != utf8.RuneError && (r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune(".-@:/+", r))
}

// wordEnd is the end of the run of word characters that starts at pos.
func wordEnd(text string, pos int) int {
	for i, r := range text[pos:] {
		if i > 0 && !isWordPart(r) {
			return pos + i
		}
	}
	return len(text)
}

// isWord tells whether s, written bare, is read back as one word.
func isWord(s string) bool {
	if s == "" || reserved[strings.ToLower(s)] {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	return isWordStart(first) && utf8.ValidString(s) && wordEnd(s, 0) == len(s)
}

// reserved words cannot be values without quotes.
var reserved = map[string]bool{"and": true, "or": true, "not": true, "in": true, "is": true, "empty": true, "null": true, "order": true, "by": true}

// lexNumeric takes what starts with a digit or a sign before a digit: a date, a span, a number, or else a word such as
// 5b10ac8d.
func lexNumeric(text string, pos int) token {
	end := wordEnd(text, pos)
	t := token{wordToken, text[pos:end], pos, end}
	switch {
	case isDate(t.text):
		t.kind = dateToken
	case isSpan(t.text):
		t.kind, t.text = spanToken, canonicalSpan(t.text)
	default:
		if n, err := strconv.ParseInt(t.text, 10, 64); err == nil {
			t.kind, t.text = numberToken, strconv.FormatInt(n, 10)
		}
	}
	return t
}

// lexString decodes a string in quotes. On an open end the error spans from the quote to the end of the text.
func lexString(text string, pos int) (token, *Error) {
	quote := text[pos]
	var b strings.Builder
	for i := pos + 1; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			return token{}, errorAt(i, i+1, "The text is not valid UTF-8 here.")
		case text[i] == quote:
			return token{stringToken, b.String(), pos, i + 1}, nil
		case r == '\\':
			decoded, n := unescape(text[i:])
			if n == 0 {
				err := errorAt(i, min(i+2, len(text)), `This escape is not known; write \\ for a backslash.`)
				err.Expected = []string{`\"`, `\'`, `\\`, `\n`, `\r`, `\t`, `\u{…}`}
				err.Suggestion = `\\`
				if i+2 <= len(text) && text[i+1] < utf8.RuneSelf {
					err.Suggestion += text[i+1 : i+2]
				} else {
					err.End = i + 1
				}
				return token{}, err
			}
			b.WriteRune(decoded)
			i += n
			continue
		}
		b.WriteRune(r)
		i += size
	}
	err := errorAt(pos, len(text), "The text in quotes has no end.")
	err.Expected = []string{string(quote)}
	return token{stringToken, b.String(), pos, len(text)}, err
}

// unescape reads one escape at the start of s; n is 0 when there is none that is known.
func unescape(s string) (r rune, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\'', '\\':
		return rune(s[1]), 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		hex, _, found := strings.Cut(strings.TrimPrefix(s[2:], "{"), "}")
		if !found || !strings.HasPrefix(s[2:], "{") || len(hex) > 6 {
			return 0, 0
		}
		code, err := strconv.ParseUint(hex, 16, 32)
		if err != nil || !utf8.ValidRune(rune(code)) {
			return 0, 0
		}
		return rune(code), len(`\u{}`) + len(hex)
	}
	return 0, 0
}
