import Foundation
import Testing

@testable import ShellConditions

@Suite("Conditions against dash and bash", .enabled(if: ShellComparison.areInstalled), .timeLimit(.minutes(5)))
struct ShellInteropTests {
    @Test("test takes up to four arguments as the shells do")
    func arguments() throws {
        let words = ["a", "", "!", "(", ")", "-f", "-a", "=", "file"].map { "'\($0)'" }
        var (sequences, last) = ([""], [""])
        for _ in 0..<4 {
            last = last.flatMap { start in words.map { "\(start) \($0)" } }
            sequences += last
        }
        #expect(try ShellComparison().check(sequences.map { "[\($0) ]" }) > 250)
    }

    @Test("the forms of the field are all decided, and as the shells do")
    func forms() throws {
        let comparison = try ShellComparison()
        try comparison.write(Data("root=LABEL=STATE quiet mode.install selinux=1\n".utf8), to: "cmdline")
        try comparison.write(Data("Board 4 Model B\0".utf8), to: "model")
        try comparison.write(Data("QEMU\n".utf8), to: "vendor")
        #expect(try comparison.check(Self.forms) == Self.forms.count)
    }

    static let forms = [
        "[ ! -f \"file\" ]", "[ -f \"nothing/at_all\" ]", "[ ! -f nothing ] && [ ! -f lost ]", "", "\n",
        "[ -e \"nothing\" ] || [ -e \"lost\" ] || [ -e \"program\" ]", "[ -x \"program\" ]\n", "[ ! -d folder ]",
        "[ -r file ] && [ ! -f \"nothing\" ] && [ ! -f lost ]", "[ ! -s empty ] && [ -s file ]", "[ ! -L \"link\" ]",
        "grep -q \"mode.install\" cmdline", "grep -vq \"mode.install\" cmdline", "! grep -q \"quiet=1\" cmdline\n",
        "cat cmdline | grep -q \"mode.install\"\n", "cat cmdline | grep \"selinux=1\"", "cat nothing | grep -q a",
        "[ -f \"file\" ] && \\\n( cat cmdline | grep -q \"mode.reset\" )\n",
        "(grep -qv \"interactive\" cmdline || grep -qv \"other\" cmdline ) && \\\n([ -f file ] || [ -f lost ])\n",
        "grep -qiFx \"qemu\" vendor 2>/dev/null ||\n  grep -qiE \"qemu|kvm|Virtual Machine\" vendor 2>/dev/null\n",
        "grep -iE \"QEmu|vmware\" vendor", "[ -f \"model\" ] && grep -i \"board 4\" \"model\"",
        "grep -i \"board 5\" model",
        "cat cmdline | grep -q \"LIVE\" || cat cmdline | grep -q \"quiet\" && grep -vq \"uki\" cmdline\n",
        "(grep -q \"reset\" cmdline || [ -f file ])\n", "! grep -q 'a' nothing && grep -vq \"b\" cmdline\n",
        "grep -q root=LABEL=STATE cmdline >/dev/null 2>&1; test -f file -a ! -d file", "grep -sw quiet cmdline model",
        "{ [ -h lost ] && ! [ -e lost ]; } || false", "test -z \"\" && [ a != 'b' ] && [ \"x y\" = x\\ y ]",
    ]

    @Test("generated tests are decided as the shells do, whole and damaged")
    func tests() throws {
        var conditions = GeneratedConditions(seed: 9)
        let whole = (0..<1_500).map { _ in conditions.tests() }
        let damaged = whole.map { conditions.damaged($0) }
        #expect(try ShellComparison().check(whole) > 1_000)
        #expect(try ShellComparison().check(damaged) > 200)
    }

    @Test("generated searches are decided as grep does")
    func searches() throws {
        var conditions = GeneratedConditions(seed: 4)
        let comparison = try ShellComparison()
        for number in 0..<10 { try comparison.write(Data(conditions.text()), to: "text\(number)") }
        #expect(try comparison.check((0..<400).map { _ in conditions.search() }) > 140)
    }
}
