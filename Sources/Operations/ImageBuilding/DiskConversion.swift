import ImagePlanning
import LinuxSystem
import SystemPackage

/// Makes the file of a format out of the bytes of a disk, which may become that file themselves.
struct DiskConversion {
    let format: DiskFormat
    let layout: DiskLayout
    let identity: DiskIdentity
    let tools: DiskTools
    let staging: FilePath

    /// Makes the file, and returns where it lies; nothing of it depends on names or on where the disk has its holes.
    ///
    /// - Throws: when it cannot be written, or `qemu-img` fails.
    func convert(_ disk: FilePath) throws -> FilePath {
        switch format {
        case .raw: disk
        case .vhd: try appendingFooter(disk)
        case .gce: try archived(disk)
        case .qcow2: try converted(disk, [])
        case .vmdk:
            try withContentID(converted(disk, ["-o", "subformat=streamOptimized,adapter_type=lsilogic"]))
        }
    }

    private func appendingFooter(_ disk: FilePath) throws -> FilePath {
        let footer = VHDFooter(size: layout.size, time: tools.time, identifier: identity.file)
        try DiskFile(disk).write(footer.bytes, at: layout.size)
        return disk
    }

    private func archived(_ disk: FilePath) throws -> FilePath {
        let result = staging.appending("archive")
        try DiskArchive.write(disk, to: result, time: tools.time)
        return result
    }

    /// The name in the staging folder is in the file, so it must not be the output's.
    private func converted(_ disk: FilePath, _ options: [String]) throws -> FilePath {
        let result = staging.appending("disk.\(format.ending)")
        try tools.run(
            "qemu-img", ["convert", "-f", "raw", "-O", format.rawValue] + options + [disk.string, result.string])
        return result
    }

    /// QEMU takes a random number as content id.
    private func withContentID(_ path: FilePath) throws -> FilePath {
        let file = try DiskFile(path)
        let header = try file.read(VMDKDescriptor.headerLength, at: 0)
        guard let place = VMDKDescriptor.place(inHeader: header),
            let text = VMDKDescriptor.replacingContentID(
                in: try file.read(place.count, at: place.lowerBound), with: identity.file)
        else { throw DiskError.conversion(format, "qemu-img made something whose description was not found") }
        try file.write(text, at: place.lowerBound)
        return path
    }
}
