import Cryptography
import ImageModel
import LinuxSystem
import SystemPackage

/// A text that is drawn once in a boot, so that all steps that use it agree.
enum BootRandom {
    private static let file: FilePath = "run/lifeboot/random"
    private static let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    /// 32 digits and small letters; the same until the next boot where `/run` can be written.
    static func text(_ root: FilePath) -> String {
        let path = root.appending(file.components)
        if let kept = (try? FileBytes.readIfPresent(path, limit: 64)).flatMap(\.self), kept.count == 32 {
            return String(decoding: kept, as: UTF8.self)
        }
        var source = EarlyRandom()
        let drawn = (0..<32).map { _ in letters.randomElement(using: &source) ?? 0x30 }
        try? Folders.make(path.removingLastComponent())
        try? AtomicFile.write(drawn, to: path, permissions: [.ownerReadWrite])
        return String(decoding: drawn, as: UTF8.self)
    }
}

/// HMAC with SHA-256 (RFC 2104).
enum KeyedHash {
    private static let block = 64

    /// The 64 hexadecimal digits of a message's hash.
    static func hexadecimal(of message: [UInt8], key: [UInt8]) -> String {
        var padded = key.count > block ? sha256(key) : key
        padded += [UInt8](repeating: 0, count: block - padded.count)
        let inner = sha256(padded.map { $0 ^ 0x36 } + message)
        return Hexadecimal.text(of: sha256(padded.map { $0 ^ 0x5C } + inner))
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] { (try? SHA256Hasher.digest(of: bytes).bytes) ?? [] }
}
