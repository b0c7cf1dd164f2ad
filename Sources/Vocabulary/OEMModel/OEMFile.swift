package import DocumentTree
package import JSONText

/// What was found wrong in a file, or is worth knowing of it.
package struct OEMRemark: Equatable, Sendable, CustomStringConvertible {
    /// How much it takes away.
    package enum Level: Int, CaseIterable, Comparable, Sendable {
        /// Nothing: it is worth knowing.
        case note
        /// Nothing of what this program does: something in the file is not for it, or will surprise.
        case warning
        /// One step, or one entry of a list; the rest of the file counts.
        case step
        /// The whole file; other files count.
        case file

        /// Orders by how much is taken away.
        package static func < (one: Level, other: Level) -> Bool { one.rawValue < other.rawValue }
    }

    /// How much it takes away.
    package var level: Level
    /// Where.
    package var mark: DocumentMark
    /// What is wrong, without a full stop.
    package var reason: String

    /// Makes a remark.
    package init(_ level: Level, at mark: DocumentMark, _ reason: String) {
        self.level = level
        self.mark = mark
        self.reason = reason
    }

    /// Makes a remark of an error.
    package init(_ level: Level, _ error: DocumentError) { self.init(level, at: error.mark, error.reason) }

    /// Place and reason in one line.
    package var description: String { "\(mark): \(reason)" }
}

/// The steps that a file has for one stage.
package struct StageSteps: Equatable, Sendable {
    /// The stage, with `.before` or `.after` where it is written so.
    package var stage: String
    /// The steps in order, without those that were refused.
    package var steps: [StageStep]
}

/// One file of configuration, read.
package struct OEMFile: Sendable {
    /// The name that it gives itself; nil when it gives none.
    package var name: String?
    /// Whether it has the header of cloud-init's files.
    package var isCloudConfig = false
    /// Steps by stage: those of cloud-init's keys first, then those of `stages`, in the order of the file.
    package var stages: [StageSteps] = []
    /// What was found wrong, in the order of the file.
    package var remarks: [OEMRemark] = []

    /// The worst that was found; nil when nothing was.
    package var worst: OEMRemark.Level? { remarks.map(\.level).max() }

    /// The steps for a stage.
    package func steps(of stage: String) -> [StageStep] { stages.first { $0.stage == stage }?.steps ?? [] }

    /// Makes a file that has nothing.
    package init() {}

    /// Makes a file that is refused.
    package init(refused error: DocumentError) { remarks = [OEMRemark(.file, error)] }

    /// The most stages that a file names, and the most remarks on one: a file with more is refused.
    package static let countLimit = 256

    /// Keys at the top of every file.
    static let topKeys = ["name", "stages"]

    /// Adds steps to a stage.
    mutating func add(_ steps: [StageStep], to stage: String) {
        if let index = stages.firstIndex(where: { $0.stage == stage }) {
            stages[index].steps += steps
        } else {
            stages.append(StageSteps(stage: stage, steps: steps))
        }
    }
}

extension OEMFile {
    /// Every key of a file, for its schema and its page: those of both dialects, and a stage's steps.
    package static let entries: [DocumentEntry] =
        [
            DocumentEntry(
                name: "name", shape: .text("a text"),
                explanation: "What the file calls itself, for people and for `after`."),
            DocumentEntry(
                name: "stages",
                shape: .mapping(
                    DocumentNames("stage", "a stage's name", without: "\n"), .list(.table(StageStep.table.entries))),
                explanation: "Steps by stage, in the order in which they run."),
        ] + CloudConfig.table.entries

    /// A JSON Schema for editors.
    ///
    /// Keys of other programs at the top are let through, as they only earn a warning.
    package static var schema: JSONValue {
        var schema = entries.schema(title: "A file of configuration for lifeboot, yip or cloud-init").object ?? [:]
        schema["additionalProperties"] = true
        return .object(schema)
    }
}

/// Tells the dialect of a file by its head.
package enum OEMHeader {
    /// Whether the first line that is neither empty nor another comment is `#cloud-config`; nine lines are looked at.
    package static func isCloudConfig(_ bytes: [UInt8]) -> Bool {
        for line in bytes.split(separator: 0x0A, maxSplits: 9, omittingEmptySubsequences: false).prefix(9) {
            let text = DocumentText.trimmed(String(decoding: withoutMark(line), as: UTF8.self))
            if text == "#cloud-config" { return true }
            if !text.isEmpty, !text.hasPrefix("#") { return false }
        }
        return false
    }

    /// A line without the byte order mark that some editors put before a text.
    private static func withoutMark(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
    }
}
