// An initramfs is one archive or several behind each other, each plain or compressed in its own way: microcode first, what a
// builder appends last. The kernel unpacks them over each other, and so the last file of a path counts.
import Archives
import Faults
package import ImagePlanning
import LinuxSystem
package import SystemPackage

/// Looks into an initramfs.
package struct InitrdReader: ~Copyable {
    private static let blockLength = 256 << 10
    /// Far beyond any initramfs, so that a small file cannot take memory and time without end.
    private static let fileLimit = 100_000
    private static let textLimit = 8 << 20
    private static let byteLimit = 4 << 30

    private let path: FilePath
    private let progress: () throws -> Void
    private var content = InitrdContent()
    private var buffer = [UInt8](repeating: 0, count: blockLength)
    private var files = 0
    private var bytes = 0
    private var texts = 0

    private init(_ path: FilePath, progress: @escaping () throws -> Void) {
        self.path = path
        self.progress = progress
    }

    /// Reads an initramfs to its end.
    ///
    /// - Parameter progress: is called often; what it throws ends the reading.
    /// - Throws: what `progress` throws, and `SystemError` when the file cannot be read. That its content is no initramfs is
    ///   a finding.
    package static func read(
        _ path: FilePath, progress: @escaping () throws -> Void = {}
    ) throws -> InitrdFinding {
        var reader = InitrdReader(path, progress: progress)
        return try reader.run()
    }

    private mutating func run() throws -> InitrdFinding {
        do {
            var offset: Int64 = 0
            while let start = try readPlain(from: offset) {
                offset = try readCompressed(from: start)
            }
        } catch let stop as Stop {
            // Behind a whole system there may be something that the kernel passes over as well.
            if !stop.isDamage, content.tree.nodes["init"] != nil { return .read(content) }
            return stop.isDamage && files > 0 ? .damaged(stop.cause) : .unreadable(stop.cause)
        }
        return files > 0 ? .read(content) : .damaged("it is empty")
    }

    /// Reads archives that are not compressed; returns where something else begins, nil at the end of the file.
    private mutating func readPlain(from start: Int64) throws -> Int64? {
        var parser = Self.parser()
        var offset = start
        while case let block = try FileRange.read(path, at: offset, count: Self.blockLength), !block.isEmpty {
            let used = try take(block, block.count, &parser)
            offset += Int64(used)
            if used < block.count { return offset }
        }
        guard parser.isWhole else { throw Stop("it ends in the middle of a file", isDamage: true) }
        return nil
    }

    /// Reads one compressed part; returns where it ends in the file.
    private mutating func readCompressed(from start: Int64) throws -> Int64 {
        let format = InitrdFormat(head: try FileRange.read(path, at: start, count: 16))
        guard let format, format != .cpio else {
            throw Stop("what begins at its byte \(start) is nothing that a kernel unpacks", isDamage: false)
        }
        let end = try end(of: format, from: start)
        let part: DecompressedFile
        do throws(ArchiveError) { part = try DecompressedFile(path: path, from: start, to: end) } catch {
            throw Stop("\(format.rawValue): \(error.cause)", isDamage: false)
        }
        guard part.isCompressed else { throw Stop("\(format.rawValue) cannot be unpacked here", isDamage: false) }
        let used = try read(part, format, from: start)
        return end ?? used
    }

    /// Where a part ends that libarchive cannot tell from what stands behind it; nil where it can, or where nobody can.
    private func end(of format: InitrdFormat, from start: Int64) throws -> Int64? {
        guard format == .zstd else { return nil }
        let (path, length) = (path, 64 << 10)
        var frames = ZstdFrames { try FileRange.read(path, at: $0, count: length) }
        return try frames.end(from: start)
    }

    private mutating func read(
        _ part: consuming DecompressedFile, _ format: InitrdFormat, from start: Int64
    ) throws -> Int64 {
        var parser = Self.parser()
        let before = files
        while true {
            let count: Int
            do throws(ArchiveError) { count = try part.read(into: &buffer) } catch {
                // What stands behind the last archive, padding above all, is no part of it.
                if parser.isWhole, files > before { break }
                // Of the others nobody knows here whether they end early or have something behind them.
                let isSure = format == .zstd || format == .gzip
                throw Stop("\(format.rawValue): \(error.cause)", isDamage: isSure && files > before)
            }
            if count == 0 { break }
            guard try take(buffer, count, &parser) == count else {
                throw Stop("something stands behind an archive inside its compressed part", isDamage: true)
            }
        }
        guard parser.isWhole else { throw Stop("it ends in the middle of a file", isDamage: true) }
        return max(part.position, start + 1)
    }

    private static func parser() -> CpioParser {
        CpioParser { path in
            RootfsRules.isInKeyFolder(path: path)
                || [".pem", ".key", "/modules.builtin"].contains { path.hasSuffix($0) }
        }
    }

    private mutating func take(_ block: [UInt8], _ count: Int, _ parser: inout CpioParser) throws -> Int {
        try progress()
        var found: [CpioParser.File] = []
        let used: Int
        do throws(CpioError) { used = try parser.take(block, count) { found.append($0) } } catch {
            throw Stop(error.description, isDamage: true)
        }
        for file in found { record(file) }
        (files, bytes) = (files + found.count, bytes + used)
        guard files <= Self.fileLimit, bytes <= Self.byteLimit, texts <= Self.textLimit else {
            throw Stop("it has more files or more in them than any initramfs", isDamage: false)
        }
        return used
    }

    private mutating func record(_ file: CpioParser.File) {
        let node: TreeIndex.Node
        switch file.mode & 0o170000 {
        case 0o100000: node = .file(architecture: nil)
        case 0o040000: node = .directory(permissions: UInt16(file.mode & 0o7777))
        case 0o120000: node = .link(String(decoding: file.content.prefix { $0 != 0 }, as: UTF8.self))
        default: node = .other
        }
        content.tree.add(node, at: file.path)
        guard case .file = node, !file.content.isEmpty else { return }
        content.texts[file.path] = file.content
        texts += file.content.count
    }

    /// Why the reading ended before the end, and whether that is the initramfs' fault.
    private struct Stop: Error {
        let cause: String
        let isDamage: Bool

        init(_ cause: String, isDamage: Bool) {
            self.cause = cause
            self.isDamage = isDamage
        }
    }
}
