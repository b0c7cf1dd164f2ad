import Archives
import ImageAssembly
import ImagePlanning
import LinuxSystem
import SystemPackage

extension FuzzTarget {
    /// What is unpacked: layers of containers, and initramfs.
    static let archives: [FuzzTarget] = [
        survives("cpio") { bytes in
            var parser = CpioParser { _ in true }
            _ = try parser.take(bytes, bytes.count) { _ in }
            _ = parser.isWhole
        },
        survives("zstd-frames") { bytes in
            var frames = ZstdFrames { place in
                guard place >= 0, place < bytes.count else { return [] }
                return Array(bytes[Int(place)...].prefix(32))
            }
            _ = try frames.end(from: 0)
        },
        survives("initramfs") { bytes in
            let file = try ScratchFile(bytes)
            _ = try InitrdReader.read(file.path)
        },
        survives("layer") { bytes in
            let file = try ScratchFile(bytes)
            var source = try TarSource(path: file.path, isLayer: true)
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while try source.next() != nil { while try source.read(into: &buffer) > 0 {} }
        },
    ]
}
