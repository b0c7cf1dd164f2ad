package import ImageFolders
package import JSONText
import LinuxSystem
package import OverlayPlanning
package import SystemPackage

/// The overlays that lie in both folders, and what became of them when the system that runs was started.
package struct OverlayInventory: Equatable, Sendable {
    /// One overlay.
    package struct Entry: Equatable, Sendable {
        /// Where it is.
        package var source: OverlaySource
        /// What keeps it from being changed.
        package var protection: OverlayProtection
        /// What its boot said of it, as `OverlayVerdict.word`, and why; nil when that boot did not know it.
        package var booted: (verdict: String, reason: String?)?

        /// Compares all fields.
        package static func == (left: Entry, right: Entry) -> Bool {
            left.source == right.source && left.protection == right.protection
                && left.booted?.verdict == right.booted?.verdict && left.booted?.reason == right.booted?.reason
        }
    }

    /// The overlays, by name, OEM's after the image's.
    package private(set) var entries: [Entry] = []
    /// What lies there and is nothing.
    package private(set) var remarks: [String] = []

    /// The largest report that is read, in bytes.
    private static let reportLimit = 16 << 20

    /// Lists the overlays below a root; nothing is mounted and nobody need be root.
    ///
    /// - Parameter report: the report of the boot; one that cannot be read is a remark.
    package init(_ root: OverlayRoot, _ seal: SystemSeal, report: FilePath = OverlayPlaces().report) {
        let scan = OverlayScan(root, seal)
        remarks = scan.remarks
        let booted = readBooted(report)
        entries = scan.candidates.map {
            Entry(source: $0.source, protection: $0.protection, booted: booted[$0.source.path.string])
        }
        entries.sort { Self.order($0) < Self.order($1) }
    }

    private static func order(_ entry: Entry) -> (OverlayName, Int, String) {
        (entry.source.name, entry.source.folder == .system ? 0 : 1, entry.source.file.fileName)
    }

    private mutating func readBooted(_ report: FilePath) -> [String: (verdict: String, reason: String?)] {
        do {
            guard let bytes = try FileBytes.readIfPresent(report, limit: Self.reportLimit) else { return [:] }
            var booted: [String: (verdict: String, reason: String?)] = [:]
            for entry in try JSONValue(parsing: bytes)["overlays"]?.elements ?? [] {
                guard let path = entry["path"]?.text, let verdict = entry["verdict"]?.text else { continue }
                booted[path] = (verdict, entry["reason"]?.text)
            }
            return booted
        } catch {
            remarks.append("the report of this boot cannot be read: \("\(error)".withoutStop)")
            return [:]
        }
    }

    /// One line for each overlay, then one for each remark.
    package var lines: [String] {
        entries.map { entry in
            let booted = entry.booted.map { "\($0.verdict)\($0.reason.map { ": \($0)" } ?? "")" }
            return "\(entry.source.name): \(entry.source.path), \(booted ?? "not known when the system was started")"
        } + remarks
    }

    /// `format`, `overlays` with `name`, `path`, `form`, `version`, `protection`, `verdict` and `reason`, and `remarks`.
    package var json: JSONValue {
        [
            "format": .integer(OverlayDecision.format), "overlays": .array(entries.map(\.json)),
            "remarks": .array(remarks.map { .string($0) }),
        ]
    }
}

extension OverlayInventory.Entry {
    fileprivate var json: JSONValue {
        [
            "name": .string(source.name.description), "path": .string(source.path.string),
            "form": .string(source.file.form.word), "version": source.file.version.map { .string($0) } ?? .null,
            "protection": .string(protection.word), "verdict": booted.map { .string($0.verdict) } ?? .null,
            "reason": booted.flatMap(\.reason).map { .string($0) } ?? .null,
        ]
    }
}

extension OverlayProtection {
    /// The stable word for it.
    fileprivate var word: String {
        switch self {
        case .none: "none"
        case .image: "image"
        case .signed: "signed"
        case .verity(.some): "signed-verity"
        case .verity(.none): "verity"
        case .broken: "broken"
        case .unchecked: "unchecked"
        }
    }
}
