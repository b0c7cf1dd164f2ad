import Testing

@testable import ShellConditions

@Suite("Conditions")
struct ShellConditionTests {
    static let files = FakeFiles([
        "/proc/cmdline": .text("root=LABEL=STATE quiet\n"), "/run/state": .text(""), "/oem": .folder,
        "/lost": .danglingLink, "/pipe": .pipe, "/a b": .text("x"),
    ])

    @Test(
        "what can be decided is",
        arguments: [
            ("", true), (" \n\n", true), ("true", true), (":", true), ("false", false), ("false\ntrue\n", true),
            ("true; false", false), ("true || true && false", false), ("false && true || true", true),
            ("! true", false), ("! ( false; )", true), ("{ false; } || { true; }", true),
            ("[ -f /run/state ]", true), ("[ -s /run/state ]", false), ("[ -f run/state ]", true),
            ("[ -d '/oem' ]", true),
            ("[ -f /oem ]", false), ("[ -e /lost ]", false), ("[ -L /lost ] && [ -h /lost ]", true),
            ("[ -f \"/a b\" ] && [ -f /a\\ b ]", true), ("[ -e \"\" ]", false), ("[ -e /pipe -a ! -f /pipe ]", true),
            ("[ -e /no -o -e /pipe -a -e /no ]", false), ("test \\( -e /no -o -e /pipe \\) -a -e /oem", true),
            ("[ ]", false), ("[ '' ]", false), ("[ -f ]", true), ("[ ! -f ]", false), ("[ ! ! ]", false),
            ("[ ! = ! ]", true),
            ("[ '(' a ')' ]", true), ("[ '(' ! a ')' ]", false), ("[ a\\\nb = 'ab' ]", true),
            ("[ \"\\a\" = '\\a' ]", true),
            ("[ \"\\$\" = '$' ]", true), ("grep -q quiet /proc/cmdline", true), ("! grep quiet /proc/cmdline", false),
            ("cat /no /proc/cmdline 2>/dev/null | grep -c", nil),
            ("cat /no /proc/cmdline 2>/dev/null | grep quiet", true),
            ("cat /no | grep -v quiet", false), ("cat /no | grep root /proc/cmdline", true),
            ("grep -q quiet /proc/cmdline >/dev/null 2>&1", true), ("2> /dev/null grep -q loud /proc/cmdline", false),
            ("grep x /pipe", nil), ("! grep x /pipe", nil), ("grep x /pipe || true", true),
            ("grep x /pipe && false", false),
            ("grep x /pipe && true", nil), ("grep x /pipe || false", nil), ("true || grep x /pipe", true),
        ] as [(String, Bool?)])
    func decided(text: String, answer: Bool?) {
        #expect(ShellCondition(text)?.holds(in: Self.files) == answer)
    }

    @Test(
        "everything else is left to the shell",
        arguments: [
            "[ -n \"$A\" ]", "[ -n $A ]", "`true`", "echo", "[[ -f /a ]]", "[ -f /* ]", "[ -f /a? ]", "[ -f ~/a ]",
            "[ -f /{a,b} ]", "[ -f /a", "[ a b ]", "[ -f a b ]", "[ a == b ]", "[ a -nt b ]", "[ 1 -eq 1 ]",
            "[ -p /a ]",
            "[ ! -a b ]", "[ '(' -a b ]", "[ ! ! -f a ]", "[ -f a -a = ]", "true &", "true & false", "true &>/dev/null",
            "true >/a", "true </a", "true 3>/dev/null", "true 12>/dev/null", "true >&-", "true >|/dev/null",
            "true <<A\nA",
            "! ! true", "!(true)", "((true))", "( )", "{ }", "{ true }", "{true; }", "(true", "true)", "true;;",
            "; true",
            "true &&", "&& true", "true || ;", "true | true", "true | grep a /b", "cat /a", "cat /a | cat /b",
            "cat | grep a",
            "cat /a | grep a | grep b", "cat -n /a | grep a", "cat /a >/dev/null | grep a", "cat /a 2>&1 | grep a",
            "( cat /a ) | grep a", "grep a", "grep a -", "grep a /b -q", "grep -e a /b", "grep -- a /b",
            "grep --quiet a /b",
            "grep -G a /b", "grep -EF a /b", "grep -c a /b", "grep 'a\nb' /b", "'unclosed", "\"unclosed", "true \\",
            "true # why", "a=b true", "if true; then false; fi", "true\r\n", "test -f /a\r", "cat /a | true",
            "[ -f /\u{E4} ]", "\"!\" true",
            "true \"`a`\"",
            "! \n true", "[ -e /proc/self/x ]", "[ -t 0 ]", "[ -r /dev/stdin ]", "grep a /dev/fd/3",
            "grep a /proc/self/maps",
        ])
    func left(text: String) {
        #expect(ShellCondition(text) == nil)
    }

    @Test("long and deep texts are left to the shell, and long chains are not deep")
    func bounds() {
        let deep = { (count: Int) in
            String(repeating: "( ", count: count) + "true" + String(repeating: " )", count: count)
        }
        #expect(ShellCondition(deep(ShellParser.maximumDepth))?.holds(in: Self.files) == true)
        #expect(ShellCondition(deep(ShellParser.maximumDepth + 1)) == nil)
        let chain = String(repeating: "true && ", count: 2_000) + "false"
        #expect(ShellCondition(chain)?.holds(in: Self.files) == false)
        #expect(ShellCondition(chain + String(repeating: " ", count: ShellCondition.maximumLength)) == nil)
        let negations = String(repeating: "\\( ! ", count: 40) + "a" + String(repeating: " \\)", count: 40)
        #expect(ShellCondition("test \(negations)") == nil)
    }
}
