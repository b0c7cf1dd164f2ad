import Cryptography
import Foundation
import ImageModel
import LinuxSystem
import SystemPackage

/// A tree as text: of each entry its name, kind, mode, owner, time of change, and what it holds.
enum TreeDigest {
    /// One line for each entry, sorted by path; two trees are equal when their lines are.
    static func lines(of root: FilePath) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: root.string)?.compactMap { $0 as? String } ?? []
        return try (names.sorted() + [""]).map { name in try line(name, root.string + "/" + name) }
    }

    private static func line(_ name: String, _ path: String) throws -> String {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let kind = attributes[.type] as? FileAttributeType
        let mode = (attributes[.posixPermissions] as? Int) ?? 0
        let owner = "\(attributes[.ownerAccountID] ?? "?"):\(attributes[.groupOwnerAccountID] ?? "?")"
        let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return "\(name) \(kind?.rawValue ?? "?") \(String(mode, radix: 8)) \(owner) \(time) \(try content(kind, path))"
    }

    private static func content(_ kind: FileAttributeType?, _ path: String) throws -> String {
        switch kind {
        case .typeRegular?:
            try SHA256Hasher.digest(of: Array(try Data(contentsOf: URL(fileURLWithPath: path)))).description
        case .typeSymbolicLink?: try FileManager.default.destinationOfSymbolicLink(atPath: path)
        default: ""
        }
    }
}
