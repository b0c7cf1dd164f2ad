import Foundation
import GrubEnvironment
import ImageModel

/// Signs bytes with a key that no initramfs has.
func foreignSignature(over manifest: [UInt8]) async throws -> [UInt8] {
    try await withScratchDirectory { directory in
        let key = "\(directory)/foreign.pem"
        try await HostCommand.run("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key])
        return try await signature(over: manifest, key: key)
    }
}

/// Signs bytes as boatyard does.
func signature(over bytes: [UInt8], key: String) async throws -> [UInt8] {
    try await withScratchDirectory { directory in
        let file = "\(directory)/bytes"
        _ = FileManager.default.createFile(atPath: file, contents: Data(bytes))
        let command = "openssl dgst -sha256 -sign \"$0\" \"$1\" | base64 -w0"
        return Array(try await HostCommand.run("sh", ["-c", command, key, file]).utf8.filter { $0 > 0x20 }) + [0x0A]
    }
}

extension DiskEditor {
    /// The manifest of the image that has a role.
    func manifest(of role: Role) async throws -> [UInt8] {
        let (file, partition) = try await imageFile("manifest.json", of: role)
        return try await self.file(file, on: partition)
    }

    /// Gives an image a root hash that is not its own, in a manifest that is signed with the right key.
    ///
    /// The image gets a new id with it, hence a new directory, and the boot environment names that one.
    func replaceRootHash(of role: Role, signedIn directory: String) async throws {
        let (partition, path) = try await imageDirectory(of: role)
        let text = String(decoding: try await manifest(of: role), as: UTF8.self)
        let hash = try #/"rootHash": "([0-9a-f]{64})"/#.firstMatch(in: text).map { String($0.1) } ?? ""
        let forged = String(hash.reversed())
        let manifest = Array(text.replacingOccurrences(of: hash, with: forged).utf8)
        let signed = try await signature(over: manifest, key: "\(directory)/keys/lifeboot.key")
        try await setFile("\(path)/manifest.json", on: partition, to: manifest)
        try await setFile("\(path)/manifest.sig", on: partition, to: signed)
        let id = try await Self.id(of: manifest)
        try await debugfs("ln \(path) /images/\(id)", on: partition, writing: true)
        try await debugfs("unlink \(path)", on: partition, writing: true)
        try await changeBootEnvironment { $0.setImage(ImageID(id), of: role) }
    }

    private static func id(of manifest: [UInt8]) async throws -> String {
        try await withScratchDirectory { directory in
            _ = FileManager.default.createFile(atPath: "\(directory)/m", contents: Data(manifest))
            return String(try await HostCommand.run("sha256sum", ["\(directory)/m"]).prefix(ImageID.length))
        }
    }
}
