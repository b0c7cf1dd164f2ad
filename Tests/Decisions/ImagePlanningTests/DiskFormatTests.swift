import DiskContract
import Faults
import Testing

@testable import ImagePlanning

@Suite("Disk formats")
struct DiskFormatTests {
    private static let mebibyte: Int64 = 1 << 20
    private static let gibibyte: Int64 = 1 << 30

    @Test(
        "a disk is rounded up to what its format takes, never down",
        arguments: [
            (.raw, 300 * mebibyte, 300 * mebibyte), (.raw, 300 * mebibyte + 1, 301 * mebibyte),
            (.qcow2, 300 * mebibyte - 1, 300 * mebibyte), (.vmdk, 300 * mebibyte, 300 * mebibyte),
            (.vhd, 0, 20 * mebibyte), (.vhd, 20 * mebibyte - 1, 20 * mebibyte), (.vhd, 20 * mebibyte, 20 * mebibyte),
            (.vhd, 20 * mebibyte + 1, 21 * mebibyte), (.vhd, 300 * mebibyte - 1, 300 * mebibyte),
            (.vhd, 300 * mebibyte, 300 * mebibyte), (.vhd, 300 * mebibyte + 1, 301 * mebibyte),
            (.gce, 1, gibibyte), (.gce, gibibyte, gibibyte), (.gce, gibibyte + 1, 2 * gibibyte),
            (.gce, 11 * gibibyte - 1, 11 * gibibyte),
        ] as [(DiskFormat, Int64, Int64)])
    func size(format: DiskFormat, content: Int64, size: Int64) {
        #expect(format.size(holding: content) == size)
    }

    @Test(
        "the name of a file says the format",
        arguments: [
            ("a.raw", .raw), ("a.qcow2", .qcow2), ("a.vhd", .vhd), ("b/a.tar.gz", .gce), ("a.b.vmdk", .vmdk),
            ("raw", nil),
            ("a.gz", nil), ("a.iso", nil), ("araw", nil),
        ] as [(String, DiskFormat?)])
    func name(file: String, format: DiskFormat?) {
        #expect(DiskFormat(ofFile: file) == format)
    }

    @Test("what rounding adds, the persistent partition has, and the table's copy is at the end")
    func rounded() throws {
        let exact = try DiskLayout(DiskSizes())
        let layout = try DiskLayout(DiskSizes(), for: .gce)
        #expect(layout.size == 12 << 30 && layout.size > exact.size)
        let last = try #require(layout.partitions.last)
        #expect(last.offset == exact.partitions.last?.offset && last.offset + last.size == layout.size - (1 << 20))
        var sizes = DiskSizes()
        sizes.persistent = 64 << 20
        let kept = try DiskLayout(sizes, for: .gce)
        #expect(kept.size == 11 << 30 && kept[.persistent]?.size == 64 << 20, "one that was given a size keeps it")
        #expect(try DiskLayout(DiskSizes(), for: .vhd) == exact)
    }

    @Test(
        "a disk that the format cannot have is refused",
        arguments: [
            (.gce, 20 * gibibyte + mebibyte, 512, "--size 21G"), (.vhd, 2041 * gibibyte, 512, "2040 GiB"),
            (.vhd, nil, 4096, "--sector-size"), (.gce, nil, 4096, "--sector-size"),
        ] as [(DiskFormat, Int64?, Int64, String)])
    func refused(format: DiskFormat, size: Int64?, sectorSize: Int64, word: String) {
        var sizes = DiskSizes()
        (sizes.disk, sizes.sectorSize) = (size, sectorSize)
        let error = #expect(throws: DiskLayoutError.self) { try DiskLayout(sizes, for: format) }
        #expect(error?.kind == .format && error?.description.contains(word) == true, "\(String(describing: error))")
    }

    @Test("what one format cannot have, another can", arguments: [DiskFormat.raw, .qcow2, .vmdk])
    func allowed(format: DiskFormat) throws {
        var sizes = DiskSizes()
        (sizes.disk, sizes.sectorSize) = (2041 << 30, 4096)
        #expect(try DiskLayout(sizes, for: format).size == 2041 << 30)
        sizes = DiskSizes()
        sizes.disk = 20 << 30 + 5 << 20 + 17
        #expect(try DiskLayout(sizes, for: format) == DiskLayout(sizes))
    }
}
