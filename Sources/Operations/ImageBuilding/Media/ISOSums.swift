import ImageAssembly
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Writes the SHA-256 of each file on a medium, in the form of `sha256sum`, and the signature over them.
///
/// What xorriso changes while it writes is not among them: GRUB's core for BIOS and the list of what boots.
struct ISOSums {
    /// The file's path on the medium.
    static let path = "/SHA256SUMS"

    let staging: FilePath
    let sign: ((_ message: [UInt8]) throws -> [UInt8])?

    /// The content with the sums of all of it.
    ///
    /// The digests of an image's files are those of its manifest: what is on the medium must be that, whatever is here.
    func added(to entries: [MediaEntry], _ images: [DiskImageSource]) throws -> MediaContent {
        let content = try MediaContent(entries)
        var known: [String: Digest] = [:]
        for image in images {
            for (file, _) in image.files {
                known["/images/\(image.id)/\(file.rawValue)"] = image.manifest.file(file)?.sha256
            }
        }
        var lines: [String] = []
        for case (let path, .file(let source, _, _)) in content.entries.map({ ($0.path, $0.kind) }) {
            let digest = try known[path] ?? ImageFileDigest.of(FilePath(source)).sha256
            lines.append("\(digest)  \(path.dropFirst())\n")
        }
        return try MediaContent(entries + (try written(Array(lines.joined().utf8))))
    }

    private func written(_ text: [UInt8]) throws -> [MediaEntry] {
        var entries = [try write(text, Self.path)]
        if let sign {
            entries.append(try write(SignatureFile(signatures: [try sign(text)]).serialized(), "\(Self.path).sig"))
        }
        return entries
    }

    private func write(_ bytes: [UInt8], _ path: String) throws -> MediaEntry {
        let source = staging.appending(String(path.dropFirst()))
        try AtomicFile.write(bytes, to: source, isDurable: false)
        return MediaEntry(path, .file(source: source.string, size: Int64(bytes.count), permissions: 0o644))
    }
}
