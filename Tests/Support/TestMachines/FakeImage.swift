import Cryptography
import Foundation
import ImageFolders
package import ImageModel
import InstalledSystem
package import SystemPackage
import Verity

/// An image of three small files whose digests are right.
package struct FakeImage: Sendable {
    /// What it says of itself.
    package let manifest: Manifest
    /// `manifest.json`.
    package let bytes: [UInt8]
    /// Its id.
    package let id: ImageID

    /// Makes one whose content is a digit, over and over.
    package init(_ digit: Character) throws {
        let content = Array(String(repeating: digit, count: 4096).utf8)
        let digest = try SHA256Hasher.digest(of: content)
        let file = Manifest.File(size: content.count, sha256: digest)
        let (root, verity) = try Self.root(content)
        manifest = Manifest(
            name: "demo", version: "\(digit).0", sequence: Int64(digit.hexDigitValue ?? 0),
            createdAt: try Self.time(), architecture: "amd64", osRelease: [],
            root: .init(
                format: "squashfs", size: root.count, sha256: try SHA256Hasher.digest(of: root), verity: verity),
            kernel: file, initrd: file)
        bytes = manifest.serialized()
        id = ImageID(manifestDigest: try SHA256Hasher.digest(of: bytes))
        self.content = content
        self.root = root
    }

    /// Images 1, 2 and 3, made once.
    package static let all = Result { try ["1", "2", "3"].map { try FakeImage($0) } }

    private let content: [UInt8]
    private let root: [UInt8]

    /// One block of data with a real hash tree behind it.
    private static func root(_ content: [UInt8]) throws -> ([UInt8], VerityParameters) {
        let folder = try TestFolder()
        try folder.write(String(decoding: content, as: UTF8.self), to: "root")
        let path = folder.path.appending("root")
        let verity = try VerityFormat.append(
            to: path, size: content.count, salt: [1], uuid: "11111111-2222-3333-4444-555555555555")
        return (Array(try Data(contentsOf: URL(fileURLWithPath: path.string))), verity)
    }

    /// Writes the first so many of its four files into a folder.
    package func write(_ folder: FilePath, parts: Int = 4) throws {
        let url = URL(fileURLWithPath: folder.string)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let files: [(String, [UInt8])] = [
            ("vmlinuz", content), ("initrd.img", content), ("root.squashfs", root), ("manifest.json", bytes),
        ]
        for (name, bytes) in files.prefix(parts) { try Data(bytes).write(to: url.appendingPathComponent(name)) }
    }

    /// Whether every file is there and right.
    package func isWhole(in store: FilePath) throws -> Bool {
        let folder = ImageStore(store).directory(id)
        guard FileManager.default.fileExists(atPath: folder.string) else { return false }
        return try ImageFolder.fault(of: id, in: folder) == nil
    }

    private static func time() throws -> UTCTime {
        guard let time = UTCTime(seconds: 1_780_000_000) else { throw FakeFault("no time") }
        return time
    }
}
