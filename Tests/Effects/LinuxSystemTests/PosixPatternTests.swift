import LinuxSystem
import Testing

@Suite("A POSIX extended expression")
struct PosixPatternTests {
    @Test(
        "matches anywhere in a text, and is nothing when it is no expression",
        arguments: [
            ("Red.*Hat.*|CentOS.*", "CentOS Linux 7", true), ("^9$", "9.4", false),
            ("[Oo]penSUSE.*", "openSUSE Leap", true),
            ("(", "x", nil), ("[", "x", nil), ("a{2}", "baa", true), ("", "x", true),
            (String(repeating: "a", count: 1025), "a", nil),
        ])
    func matches(expression: String, text: String, result: Bool?) {
        #expect(PosixPattern.matches(expression, text) == result)
    }
}
