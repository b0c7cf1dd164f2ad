import ImageModel
import Snapshots
import Testing

@testable import ImagePlanning

@Suite("The script for iPXE")
struct NetbootScriptTests {
    private static func script(_ arguments: [String] = ["console=ttyS0", "quiet"]) throws -> NetbootScript {
        let image = try #require(ImageID("0123456789abcdef"))
        return NetbootScript(image, title: "harbour 1.2", arguments: arguments, memory: (1 << 30) + 1)
    }

    @Test("starts the live system, and ends after some tries")
    func live() throws { try Snapshot.check(try Self.script().text, "netboot-live.ipxe") }

    @Test("installs where the medium says how, by itself only when asked to")
    func install() throws {
        var script = try Self.script()
        script.hasInstallation = true
        try Snapshot.check(script.text, "netboot-install.ipxe")
        script.isUnattended = true
        #expect(script.text.contains("\nset lifeboot_install lifeboot.install=yes\n:fetch\n"))
        #expect(!script.text.contains("prompt"))
    }

    @Test(
        "names what iPXE would take for its own sign",
        arguments: [("||", "||"), ("&&", "&&"), ("a=${b}", "a=${b}"), ("a=||", nil), ("a&&b", nil)])
    func foreign(argument: String, expected: String?) throws {
        #expect(try Self.script(["quiet", argument]).foreignArgument == expected)
    }
}
