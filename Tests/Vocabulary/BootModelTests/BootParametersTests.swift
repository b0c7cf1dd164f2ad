import BootModel
import GrubEnvironment
import ImageModel
import SystemLayout
import Testing

@Suite("Boot parameters")
struct BootParametersTests {
    static func read(_ line: String) -> BootParameters { BootParameters(KernelCommandLine(parsing: line)) }

    @Test("what GRUB passes is read")
    func grub() {
        let parameters = Self.read(
            "BOOT_IMAGE=/x lifeboot.role=passive lifeboot.image=0123456789abcdef lifeboot.boot=PARTUUID=AA-BB "
                + "lifeboot.reason=fallback lifeboot.tries=1 lifeboot.grub=b panic=7 rd.shell=0")
        #expect(parameters.role == .passive)
        #expect(parameters.image == ImageID("0123456789abcdef"))
        #expect(parameters.bootPartition == .partitionUUID("aa-bb"))
        #expect(parameters.reason == .fallback)
        #expect(parameters.triesLeft == 1 && parameters.isCounted)
        #expect(parameters.grubCopy == .b)
        #expect(parameters.rebootDelay == 7)
        #expect(!parameters.shellOnFailure)
        #expect(parameters.problems.isEmpty)
    }

    @Test(
        "the spellings of cOS and Elemental mean the same",
        arguments: [
            ("rd.cos.disable", "lifeboot.disable"), ("elemental.disable", "lifeboot.disable"),
            ("rd.cos.overlay=tmpfs:5%", "lifeboot.overlay=tmpfs:5%"), ("elemental.mode=active", "lifeboot.role=active"),
            ("rd.cos.mount=LABEL=x:/y", "lifeboot.volume=LABEL=x:/y"), ("cos.setup=u", "lifeboot.setup=u"),
            ("rd.cos.oemtimeout=9", "lifeboot.oem-timeout=9"), ("rd.cos.debugrw", "lifeboot.debug-rw"),
            ("rd.cos.oemlabel=A", "lifeboot.oemlabel=A"),
        ])
    func spellings(theirs: String, ours: String) {
        #expect(Self.read(theirs) == Self.read(ours))
        #expect(Self.read(theirs) != BootParameters())
    }

    @Test(
        "a value that makes no sense is reported and ignored",
        arguments: [
            "lifeboot.role=king", "lifeboot.image=../../etc", "lifeboot.tries=77", "lifeboot.tries=10",
            "lifeboot.tries=-1", "lifeboot.boot=nothing",
            "lifeboot.reason=because", "lifeboot.grub=c", "lifeboot.unlock-timeout=0", "lifeboot.verity=maybe",
            "lifeboot.watchdog=-1", "rd.cos.oemtimeout=0",
            "cos-img/filename=relative", "cos-img/filename=/a/../../etc/passwd",
            "lifeboot.tries=99999999999999999999999",
        ])
    func nonsense(word: String) {
        var parameters = Self.read(word)
        #expect(parameters.problems.count == 1 && parameters.problems[0].hasPrefix(word))
        parameters.problems = []
        #expect(parameters == BootParameters())
    }

    @Test("quotes keep white space together and the last word of a name counts")
    func words() {
        let line = KernelCommandLine(parsing: "a=1 \"b=x y\" c=\"p q\" a=2  flag off=0 -- a=3\n")
        #expect(line.last("a") == "2" && line.last("b") == "x y" && line.last("c") == "p q")
        #expect(line.all("a") == ["1", "2"])
        #expect(line.flag("flag") && !line.flag("off") && !line.flag("absent"))
    }

    @Test("a value keeps its equals signs, as an address with a query has them")
    func equalsSigns() {
        let line = KernelCommandLine(parsing: "u=https://a.example/x?b=c&d=e= v==")
        #expect(line.last("u") == "https://a.example/x?b=c&d=e=" && line.last("v") == "=")
    }

    @Test("an uncounted boot without rd.shell=0 may open a shell; a counted one never does")
    func shell() {
        #expect(Self.read("lifeboot.tries=uncounted").shellOnFailure)
        #expect(!Self.read("lifeboot.tries=2").shellOnFailure)
    }
}
