import ArgumentParser
import CommandOutput
import ImageBuilding
import SystemPackage
import Testing

@testable import BuilderCommands

@Suite("boatyard netboot")
struct NetbootCommandTests {
    @Test("every option is understood")
    func options() throws {
        let command = try NetbootCommand.parse([
            "--image", "live", "-o", "net", "--oem-files", "oem", "--install-file", "install.yaml", "--unattended",
            "--key", "k",
        ])
        let request = try command.request()
        #expect(request.image == "live" && request.output == "net" && request.oemFiles == "oem")
        #expect(request.installation == "install.yaml" && request.isUnattended && command.key == "k")
    }

    @Test(
        "what cannot be meant is a usage error",
        arguments: [
            [], ["--image", "a"], ["--image", "a", "-o", ""], ["--image", "a", "-o", "m", "--unattended"],
            ["--image", "a", "-o", "m", "--key", "k"],
        ])
    func usage(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try NetbootCommand.parse(arguments) }
        #expect(error.map { NetbootCommand.exitCode(for: $0) } == .validationFailure)
    }
}
