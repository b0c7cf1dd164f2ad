import Cryptography
import Faults
import ImageFolders
import ImageModel
import LinuxSystem
import OverlayPlanning
import SystemPackage

/// Checks what lies beside overlays with the keys of images.
struct OverlaySignatures: Sendable {
    /// The largest archive that is signed, in bytes: it is read into memory as a whole.
    static let archiveLimit = 256 << 20
    /// The largest signature's and root hash's file, in bytes.
    static let sizeLimit = 64 << 10

    private let seal: SystemSeal

    /// Takes the system whose keys count; they are read when there is something to check.
    init(_ seal: SystemSeal) { self.seal = seal }

    /// What a signature says.
    enum Verdict: Equatable {
        /// It is by this key.
        case by(String)
        /// It is by none of the keys, or no signature at all.
        case broken(String)
        /// It could not be found out.
        case unchecked(String)
    }

    /// Checks bytes with the signature beside their file.
    func verdict(_ bytes: [UInt8], of file: FilePath) -> Verdict {
        do {
            let folders = seal.keyDirectories
            let keys = try TrustedKey.usable(in: folders).keys
            guard !keys.isEmpty else {
                return .unchecked("there is no key in \(folders.map(\.string).joined(separator: " and "))")
            }
            return try verdict(bytes, of: file, keys)
        } catch { return .unchecked("\(error)".withoutStop) }
    }

    private func verdict(_ bytes: [UInt8], of file: FilePath, _ keys: [TrustedKey]) throws -> Verdict {
        let place = SystemSeal.signature(of: file)
        let text = try FileBytes.read(place, limit: Self.sizeLimit)
        let signatures: [[UInt8]]
        do throws(SignatureFileError) { signatures = try SignatureFile(parsing: text).signatures } catch {
            return .broken("\(place): \(error.cause)")
        }
        for key in keys {
            for signature in signatures where try key.key.verify(signature: signature, of: bytes) == .valid {
                return .by(key.name)
            }
        }
        return .broken("\(place) is by none of the keys \(keys.map(\.name).joined(separator: ", "))")
    }

    /// Checks a file with the signature beside it; returns what was checked.
    func verdict(ofFile file: FilePath, limit: Int) -> (verdict: Verdict, bytes: [UInt8]) {
        do throws(SystemError) {
            let bytes = try FileBytes.read(file, limit: limit)
            return (verdict(bytes, of: file), bytes)
        } catch { return (.unchecked(error.reason), []) }
    }

    /// The bytes of a file that an image key has signed.
    ///
    /// - Throws: `StackingError` when none has.
    func signedBytes(of file: FilePath, limit: Int) throws(StackingError) -> [UInt8] {
        let (verdict, bytes) = verdict(ofFile: file, limit: limit)
        switch verdict {
        case .by: return bytes
        case .broken(let reason), .unchecked(let reason): throw .unsigned(file, reason)
        }
    }
}

/// The root hash of a dm-verity tree.
enum RootHash {
    /// Reads hexadecimal digits, with white space around them.
    ///
    /// - Throws: `StackingError` for what is no hash of 16 to 64 bytes.
    static func parse(_ bytes: [UInt8], _ file: FilePath) throws(StackingError) -> [UInt8] {
        let digits = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
        var hash: [UInt8] = []
        var high: UInt8?
        for character in digits {
            guard character.isASCII, let value = character.hexDigitValue.map(UInt8.init) else { throw .rootHash(file) }
            if let half = high { hash.append(half << 4 | value) }
            high = high == nil ? value : nil
        }
        guard high == nil, (16...64).contains(hash.count) else { throw .rootHash(file) }
        return hash
    }
}

extension String {
    /// The text without the full stop at its end.
    var withoutStop: String { hasSuffix(".") ? String(dropLast()) : self }
}

extension SystemError {
    /// The whole error as a reason in a sentence.
    var reason: String { description.withoutStop }
}
