package import Faults
package import ImagePlanning
import SystemPackage

/// Which of a machine's disks an `install.yaml` speaks of, and why not of the others.
package struct DiskChoice: Equatable, Sendable {
    /// The disk; nil when it is not exactly one.
    package private(set) var disk: DiskCandidate?
    /// Each disk with its names, and why it was taken or not.
    package private(set) var lines: [String] = []
    private var fitting: [DiskCandidate] = []

    /// Chooses one disk, or none.
    package init(_ selection: DiskSelection, among disks: [DiskCandidate], _ sizes: DiskSizes) {
        let judged = disks.map { ($0, selection.reasonAgainst($0, sizes)) }
        fitting = judged.filter { $0.1 == nil }.map(\.0)
        let best = Self.best(fitting, selection.preference)
        if best.count == 1 { disk = best[0] }
        lines = judged.map { disk, reason in
            "\(disk.title): \(reason ?? Self.reason(disk, best, selection.preference))"
        }
    }

    /// The disk.
    ///
    /// - Throws: `Refusal` when no disk fits, or more than one.
    package func get(_ file: String) throws(Refusal) -> DiskCandidate {
        if let disk { return disk }
        let count = fitting.count
        throw Refusal(
            count == 0 ? .notFound : .impossible, "choosing a disk by", file,
            cause: count == 0
                ? (lines.isEmpty ? "this machine shows no disk" : "it speaks of no disk of this machine")
                : "\(count) disks of this machine are as it says, and it must be one",
            remedy: "Write what is true of one disk alone, best its serial number or by-id name; nothing was done.")
    }

    private static func best(
        _ disks: [DiskCandidate], _ preference: DiskSelection.Preference?
    ) -> [DiskCandidate] {
        let wanted: Int64? =
            switch preference {
            case nil: nil
            case .smallest: disks.map(\.size).min()
            case .largest: disks.map(\.size).max()
            }
        return wanted.map { wanted in disks.filter { $0.size == wanted } } ?? disks
    }

    private static func reason(
        _ disk: DiskCandidate, _ best: [DiskCandidate], _ preference: DiskSelection.Preference?
    ) -> String {
        guard best.contains(disk) else { return "it is not the \(preference?.rawValue ?? "one")" }
        return best.count == 1 ? "it is the one" : "it is as the file says, and so is another one"
    }
}
