import Foundation
import LinuxSystem
import SystemPackage
import Testing
import TreeFixtures

@testable import Archives

@Suite("Header of a file with holes")
struct SparseTarHeaderTests {
    private static let block: Int64 = 64 << 10

    /// Places with one block of data each, so many, and every second one empty.
    private static func places(_ count: Int) -> [Range<Int64>] {
        (0..<Int64(count)).map { 2 * $0 * block..<(2 * $0 + 1) * block }
    }

    /// Makes a file with data at some places, and the archive of it by hand.
    private static func archive(_ header: SparseTarHeader, _ folder: FilePath) throws -> [UInt8] {
        let path = folder.appending("disk.raw")
        let file = try OwnedDescriptor(
            opening: path, .readWrite, options: [.create, .truncate],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.descriptor.resize(to: header.size)
        var bytes = header.bytes
        for (number, place) in header.data.enumerated() {
            let data = [UInt8](repeating: UInt8(truncatingIfNeeded: number % 255 + 1), count: place.count)
            try FileBlock.write(data.span, to: file.descriptor, at: Int(place.lowerBound))
            bytes += data
        }
        return bytes + header.trailer
    }

    @Test(
        "GNU tar makes the same bytes",
        arguments: [
            (0, 0, 1 << 20), (1, 0, 1 << 20), (3, 0, 1 << 20), (4, 0, 1 << 20), (5, 0, 1 << 20), (25, 0, 4 << 20),
            (26, 0, 4 << 20), (60, 0, 8 << 20), (2, 10 << 30, 11 << 30), (5, 640 << 10, 704 << 10),
        ] as [(Int, Int64, Int64)])
    func interop(count: Int, last: Int64, size: Int64) throws {
        let workspace = try Workspace()
        let folder = FilePath(workspace.path)
        var places = Self.places(count)
        if last > 0 { places.append(last..<last + Self.block) }
        let header = SparseTarHeader(name: "disk.raw", size: size, data: places, time: 1_700_000_000)
        let bytes = try Self.archive(header, folder)
        // Reading 11 GiB of zeros takes a minute; asked for holes, tar says more about a file that ends with data.
        let made = try ChildProcess.run(
            "tar",
            [
                "-C", folder.string, "-b", "1", "--format=oldgnu", "-S",
                "--hole-detection=\(last > 1 << 30 ? "seek" : "raw")", "--owner=0",
                "--group=0",
                "--numeric-owner", "--mode=0644", "--mtime=@1700000000", "-cf", "-", "disk.raw",
            ], output: .capture(atMost: 1 << 24)
        ).requireSuccess()
        let isEqual = made.standardOutput == bytes
        #expect(isEqual, "\(made.standardOutput.count) bytes and \(bytes.count)")
    }

    @Test("a file that ends with data needs no further place, one that ends with a hole does")
    func end() {
        let data = SparseTarHeader(name: "a", size: 512, data: [0..<512], time: 0)
        #expect(data.bytes[410..<434].allSatisfy { $0 == 0 } && data.stored == 512 && data.trailer.count == 1024)
        let hole = SparseTarHeader(name: "a", size: 513, data: [0..<511], time: 0)
        #expect(String(decoding: hole.bytes[410..<421], as: UTF8.self) == "00000001001" && hole.trailer.count == 1025)
    }
}
