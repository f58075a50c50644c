import Kubernetes
import Testing

@Suite("A template")
struct GoTemplateTests {
  @Test(
    "renders the worked cases of OpenKruiseGame",
    arguments: [
      ("{{.Result}}", "42"), ("players-{{.Result}}", "players-42"),
      (#"{{if gt .Result "40"}}high{{else}}low{{end}}"#, "high"),
      (#"{{if eq .Result "0"}}WaitToBeDeleted{{else}}None{{end}}"#, "None"), ("plain", "plain"), ("", ""),
    ])
  func rendersWorkedCases(text: String, expected: String) throws {
    #expect(try GoTemplate(text).render(result: "42") == expected)
  }

  @Test(
    "renders as Go does",
    arguments: [
      // Trimming, comments and text around actions.
      ("a {{- .Result -}} b", "x", "axb"), ("a {{/* note */}} b", "x", "a  b"), ("a {{- /* note */ -}} b", "x", "ab"),
      ("{{`}}`}}", "x", "}}"), ("a } b } c", "x", "a } b } c"), ("{ {.Result}", "x", "{ {.Result}"),
      // Branches.
      ("{{if .Result}}y{{end}}", "", ""), ("{{if not .Result}}y{{end}}", "", "y"),
      (#"{{if eq .Result "a"}}1{{else if eq .Result "b"}}2{{else}}3{{end}}"#, "b", "2"),
      (#"{{if eq .Result "a"}}1{{else if eq .Result "b"}}2{{else}}3{{end}}"#, "c", "3"),
      ("{{with .Result}}[{{.}}]{{else}}none{{end}}", "x", "[x]"),
      ("{{with .Result}}[{{.}}]{{else}}none{{end}}", "", "none"),
      ("{{with $x := .Result}}{{$x}}{{$x}}{{end}}", "ab", "abab"), ("{{with .Result}}{{$.Result}}{{end}}", "q", "q"),
      ("{{range 3}}{{.}}{{end}}", "x", "012"), ("{{range $i := 2}}{{$i}},{{end}}", "x", "0,1,"),
      ("{{range 0}}a{{else}}b{{end}}", "x", "b"),
      // Variables.
      ("{{$x := .Result}}{{$x}}", "v", "v"), (#"{{$x := "a"}}{{if .Result}}{{$x = "b"}}{{end}}{{$x}}"#, "v", "b"),
      (#"{{$x := "a"}}{{if .Result}}{{$x := "b"}}{{end}}{{$x}}"#, "v", "a"),
      // Pipelines and parentheses.
      (#"{{.Result | printf "%s-%s" "a"}}"#, "z", "a-z"), (#"{{printf "%d" (len .Result)}}"#, "four", "4"),
      ("{{(.Result)}}", "p", "p"), (#"{{.Result | len | printf "%03d"}}"#, "ab", "002"),
      // Comparison: two strings, as numbers where both are.
      (#"{{lt .Result "9"}}"#, "10", "false"), (#"{{lt .Result "9"}}"#, "abc", "false"),
      (#"{{gt .Result "9"}}"#, "9.5", "true"),
      (#"{{le .Result "1e1"}}"#, "10", "true"), (#"{{ge .Result "b"}}"#, "a", "false"),
      (#"{{ne .Result "a"}}"#, "a", "false"),
      // Equal only where the types are.
      ("{{eq .Result 42}}", "42", "false"), ("{{eq 1 1}}", "", "true"), ("{{eq 1 1.0}}", "", "false"),
      // Logic decides as early as it can.
      (#"{{and .Result "b"}}"#, "a", "b"), (#"{{and .Result (index .Result 9)}}"#, "", ""),
      (#"{{or .Result "b"}}"#, "", "b"), (#"{{or .Result (index .Result 9)}}"#, "a", "a"),
      ("{{not true}}", "", "false"),
      // Text functions.
      ("{{len .Result}}", "é", "2"), ("{{index .Result 0}}", "A", "65"), ("{{slice .Result 1 3}}", "abcd", "bc"),
      ("{{slice .Result 2}}", "abcd", "cd"), ("{{print .Result 1 2 true}}", "a", "a1 2 true"),
      (#"{{print 1 "a" 2}}"#, "", "1a2"),
      ("{{println .Result 1}}", "a", "a 1\n"),
      ("{{html .Result}}", #"<a b="c">&'"#, "&lt;a b=&#34;c&#34;&gt;&amp;&#39;"),
      ("{{js .Result}}", "it's <b>\n", #"it\'s \u003Cb\u003E\u000A"#),
      ("{{urlquery .Result}}", "a b&c/é", "a+b%26c%2F%C3%A9"),
      // Literals.
      (#"{{"a\tb\x41\u00e9\101"}}"#, "", "a\tbAéA"), ("{{'A'}}", "", "65"), ("{{-3}}", "", "-3"),
      ("{{0x1F}} {{1_000}}", "", "31 1000"),
      ("{{1.5}} {{1e21}} {{100000.0}} {{1e-7}}", "", "1.5 1e+21 100000 1e-07"), ("{{true}}{{false}}", "", "truefalse"),
      ("{{.}}", "r", "{r}"),
    ])
  func rendersAsGo(text: String, result: String, expected: String) throws {
    #expect(try GoTemplate(text).render(result: result) == expected)
  }

  @Test(
    "formats as Go does",
    arguments: [
      (#"{{printf "%5s|%-5s|%05d|%+d|%x|%q" "a" "b" 42 7 255 "c"}}"#, #"    a|b    |00042|+7|ff|"c""#),
      (#"{{printf "%.2f %6.1f %e %g" 3.14159 2.5 1500.0 0.5}}"#, "3.14    2.5 1.500000e+03 0.5"),
      (#"{{printf "%v %v %t %%" "a" 1 true}}"#, "a 1 true %"), (#"{{printf "%d" "a"}}"#, "%!d(string=a)"),
      (#"{{printf "%d"}}"#, "%!d(MISSING)"), (#"{{printf "a" 1}}"#, "a%!(EXTRA int=1)"),
      (#"{{printf "%c%o%b%X" 65 8 5 "hi"}}"#, "A10101" + "6869"),
      (#"{{printf "%.3s" "abcdef"}}"#, "abc"), (#"{{printf "%"}}"#, "%!(NOVERB)"),
      (#"{{printf "%q" "a\n\"\\"}}"#, #""a\n\"\\""#),
    ])
  func formats(text: String, expected: String) throws {
    #expect(try GoTemplate(text).render(result: "") == expected)
  }

  @Test(
    "refuses what could not be parsed, or would always fail, with the place",
    arguments: [
      ("{{", 0, "without closing braces"), ("{{.Result", 0, "without closing braces"), ("a{{end}}", 1, "{{end}}"),
      ("{{else}}", 0, "{{else}}"), ("{{if .Result}}", 0, "without {{end}}"), ("{{if}}{{end}}", 0, "missing value"),
      ("{{if .Result}}{{else}}{{else}}{{end}}", 22, "second {{else}}"), ("{{}}", 0, "missing value"),
      ("{{.Foo}}", 2, "unknown field .Foo"), ("{{.Result.Foo}}", 9, "unknown field .Foo"),
      ("{{foo}}", 2, "not defined"),
      ("{{$x}}", 2, "undefined variable $x"), ("{{$x = 1}}", 2, "undefined variable $x"),
      ("{{if .Result}}{{$x := 1}}{{end}}{{$x}}", 34, "undefined variable"), (#"{{"a}}"#, 2, "without end"),
      ("{{/* a}}", 0, "comment without end"), ("{{(.Result}}", 2, "unclosed parenthesis"),
      ("{{.Result)}}", 9, "unexpected"),
      ("{{.Result | 1}}", 12, "piped"), ("{{nil}}", 2, "nil is not a command"), ("{{.Result 1}}", 2, "has arguments"),
      ("{{eq .Result}}", 2, "wrong number"), ("{{eq .Result 1 2}}", 2, "wrong number"), ("{{len}}", 2, "wrong number"),
      ("{{gt .Result 40}}", 2, "write \"40\" in quotes"), ("{{define \"a\"}}{{end}}", 0, "not supported"),
      ("{{.Result\"a\"}}", 9, "missing space"), ("{{1x}}", 2, "bad number"), ("{{\"\\q\"}}", 3, "unknown escape"),
      ("{{.Result ; 1}}", 10, "unexpected"), ("{{range 3}}{{break}}{{end}}", 11, "not supported"),
      ("{{a:b}}", 3, "expected :="),
    ])
  func refuses(text: String, offset: Int, reason: String) {
    let error = #expect(throws: TemplateError.self) { try GoTemplate(text) }
    #expect(error?.offset == offset, "\(error?.description ?? "")")
    #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test(
    "fails while it runs where the result does not fit",
    arguments: [
      ("{{index .Result 5}}", "out of range"), ("{{slice .Result 3 1}}", "invalid slice"),
      ("{{range .Result}}{{end}}", "range"),
      ("{{call .Result}}", "no function"), ("{{lt (len .Result) .Result}}", "lt of a int"),
      ("{{with .Result}}{{.Result}}{{end}}", "no field"),
      ("{{range 1000000}}{{end}}", "steps"), ("{{range 9000}}{{printf \"%65000d\" 1}}{{end}}", "output longer"),
      ("{{$a := printf \"%65000s\" \"x\"}}{{$a = printf \"%s%s\" $a $a}}", "output longer"),
      ("{{$a := printf \"%65000s\" \"x\"}}{{$b := print $a $a}}", "output longer"),
      ("{{$a := printf \"%65000s\" \"x\"}}{{$b := println $a $a}}", "output longer"),
      ("{{$a := printf \"%65000s\" \"x\"}}{{$b := printf \"\" $a $a}}", "output longer"),
      ("{{$a := printf \"%65000s\" \"<\"}}{{range 20}}{{$b := html $a}}{{end}}", "functions made"),
    ])
  func fails(text: String, reason: String) throws {
    let template = try GoTemplate(text)
    let error = #expect(throws: TemplateError.self) { try template.render(result: "abcd") }
    #expect(error?.offset == nil)
    #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
  }

  @Test("is held to a nesting and a length")
  func limits() {
    let nested = String(repeating: "{{if .Result}}", count: 65) + String(repeating: "{{end}}", count: 65)
    #expect(throws: TemplateError.self) { try GoTemplate(nested) }
    let brackets = "{{" + String(repeating: "(", count: 65) + ".Result" + String(repeating: ")", count: 65) + "}}"
    #expect(throws: TemplateError.self) { try GoTemplate(brackets) }
    #expect(throws: TemplateError.self) { try GoTemplate(String(repeating: "a", count: 65_537)) }
  }

  @Test(
    "is told from a plain text by its braces", arguments: [("{{", true), ("a{{b", true), ("{ {", false), ("", false)])
  func isTold(text: String, expected: Bool) {
    #expect(GoTemplate.isTemplate(text) == expected)
  }
}
