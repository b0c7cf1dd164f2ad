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

    @Test("sizes that are given count, and those that are not follow from the content")
    func sizes() throws {
        let command = try DiskCommand.parse([
            "--image", "a", "--recovery", "b", "-o", "d.raw", "--state-size", "1G", "--size", "8G",
        ])
        let sizes = try command.sizes.values()
        #expect(sizes.state == 1 << 30 && sizes.disk == 8 << 30 && sizes.recovery == nil)
    }

    private static func parse(_ arguments: String...) throws -> DiskCommand? {
        try BoatyardCommand.parseAsRoot(["disk", "--image", "a", "--recovery", "b"] + arguments) as? DiskCommand
    }

    @Test(
        "an output of unknown format is refused, unless the format is said", arguments: ["disk.iso", "disk", "disk.gz"])
    func format(name: String) throws {
        #expect(throws: (any Error).self) { try Self.parse("-o", name) }
        #expect(try Self.parse("-o", name, "--format", "gce")?.askedClouds() == [.gce])
        #expect(throws: (any Error).self) { try Self.parse("-o", name, "--format", "iso") }
    }

    @Test(
        "the clouds are those that were named, those that take the format, or all",
        arguments: [
            (["--check"], Cloud.allCases), (["--check", "-o", "d.vhd"], [.azure]),
            (["--check", "--format", "gce"], [.gce]),
            (["--check", "-o", "d.vhd", "--cloud", "aws", "--cloud", "gce"], [.aws, .gce]),
        ] as [([String], [Cloud])])
    func clouds(arguments: [String], clouds: [Cloud]) throws {
        let command = try DiskCommand.parse(["--image", "a", "--recovery", "b"] + arguments)
        #expect(try command.askedClouds() == clouds)
    }

    @Test(
        "what is neither a disk nor a question about one is refused",
        arguments: [
            [], ["-o", "d.raw", "--cloud", "aws"], ["-o", "d.raw", "--json"], ["--check", "--cloud", "mars"],
            ["-o", "d.raw", "--expandable", "--passive", "c"], ["-o", "d.raw", "--expandable", "--state-size", "1G"],
            ["-o", "d.raw", "--expandable", "--persistent-size", "1G"],
            ["-o", "d.raw", "--expandable", "--partition", "data=1G"],
            ["-o", "d.raw", "--partition", "data"], ["-o", "d.raw", "--partition", "data=1G,ntfs"],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try DiskCommand.parse(["--image", "a", "--recovery", "b"] + arguments) }
    }

    @Test("partitions beside ours are read, in order")
    func partitions() throws {
        let command = try Self.parse("-o", "d.vhd", "--partition", "data=1G", "--partition", "share=2G,vfat")
        let extra = try command?.sizes.values().extra
        #expect(extra?.map(\.name) == ["data", "share"] && extra?.map(\.filesystem) == [.ext4, .vfat])
    }
}
