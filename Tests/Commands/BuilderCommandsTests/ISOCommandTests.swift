import ArgumentParser
import CommandOutput
import ImageBuilding
import SystemPackage
import Testing

@testable import BuilderCommands

@Suite("boatyard iso")
struct ISOCommandTests {
    @Test("every option is understood")
    func options() throws {
        let command = try ISOCommand.parse([
            "--image", "live", "--install", "new", "--recovery", "small", "-o", "m.iso", "--label", "HARBOUR_1",
            "--oem-files", "oem", "--install-file", "install.yaml", "--unattended", "--seed", "s", "--key", "k",
            "--provenance", "--install-passphrase", "pass",
        ])
        let request = try command.request()
        #expect(request.image == "live" && request.others == ["new", "small"] && request.output == "m.iso")
        #expect(request.label == "HARBOUR_1" && request.oemFiles == "oem" && request.seed == "s")
        #expect(request.installation == "install.yaml" && request.isUnattended && command.key == "k")
        #expect(request.writesProvenance && request.passphrase == "pass")
    }

    @Test(
        "what cannot be meant is a usage error",
        arguments: [
            [], ["--image", "a"], ["--image", "a", "-o", ""], ["--image", "a", "-o", "m", "--label", "small"],
            ["--image", "a", "-o", "m", "--unattended"], ["--image", "a", "-o", "m", "--install-passphrase", "p"],
        ])
    func usage(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try ISOCommand.parse(arguments) }
        #expect(error.map { ISOCommand.exitCode(for: $0) } == .validationFailure)
    }
}
