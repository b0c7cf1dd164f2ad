import ArgumentParser
import CommandOutput
import ImagePlanning
import Testing

@testable import BuilderCommands

@Suite("boatyard disk")
struct DiskCommandTests {
    @Test(
        "a size is a whole number with an optional unit",
        arguments: [("1", 1), ("4K", 4096), ("128M", 128 << 20), ("2G", 2 << 30), ("1T", 1 << 40)] as [(String, Int64)])
    func size(text: String, bytes: Int64) {
        #expect(ByteCount(argument: text)?.bytes == bytes)
    }

    @Test("anything else is no size", arguments: ["", "0", "-1", "M", "1.5G", "1g", "99999999999T", "1 M"])
    func noSize(text: String) {
        #expect(ByteCount(argument: text) == nil)
    }

    @Test("sizes that are given replace the defaults")
    func sizes() throws {
        let command = try DiskCommand.parse([
            "--image", "a", "--recovery", "b", "-o", "d.raw", "--state-size", "1G", "--size", "8G",
        ])
        let sizes = try command.sizes.values()
        #expect(sizes.state == 1 << 30 && sizes.disk == 8 << 30 && sizes.recovery == 2 << 30)
    }

    @Test("an output of unknown format is refused")
    func format() throws {
        let command = try DiskCommand.parse(["--image", "a", "--recovery", "b", "-o", "disk.vhd"])
        #expect(throws: (any Error).self) { try command.run() }
    }
}
