import Cryptography
import FieldCorpus
import ImageModel
import OEMPlanning
import Plans
import Snapshots
import Testing

/// What others put into their images is planned as it was when somebody looked at it.
///
/// The files are not in this project, and their texts are in the plans. So of each plan is kept how many steps it has, how
/// many actions of which kind, and a digest; a plan that is another one is shown whole.
@Suite("The plans of files that others ship", .enabled(if: FieldCorpus.folder != nil))
struct ShippedPlansTests {
    private static let shipped = FieldCorpus.entries.filter { $0.kind == "ship" }

    @Test("are those that are kept")
    func plans() throws {
        #expect(Self.shipped.count > 80)
        var lines: [String] = []
        var texts: [String: String] = [:]
        for entry in Self.shipped {
            let root = try FieldRoot(entry)
            for stage in root.stages {
                let plan = root.plan(stage)
                let text = plan.lines(refusals: []).joined(separator: "\n")
                let line = "\(entry.file) \(Self.summary(plan)) \(try Self.digest(text))"
                lines.append(line)
                texts[line] = text
            }
        }
        try Snapshot.check(lines, "ShippedPlans")
        let kept = Set(try Snapshot.lines(of: "ShippedPlans"))
        for line in lines where !kept.contains(line) { Issue.record("\(line)\n\(texts[line] ?? "")") }
    }

    /// The stage, how many steps become what, and how many actions of each kind there are, in the order of the first.
    private static func summary(_ plan: StagePlan) -> String {
        let fates = plan.steps.map { step in
            switch step.fate {
            case .run: step.condition.isEmpty ? "run" : "ask"
            case .elsewhere: "elsewhere"
            case .refused: "refused"
            }
        }
        let actions = plan.steps.flatMap(\.plan.steps).map(\.action.name)
        return "\(plan.stage): \(counted(fates)); \(counted(actions))"
    }

    private static func counted(_ words: [String]) -> String {
        var counts: [(word: String, count: Int)] = []
        for word in words {
            if let index = counts.firstIndex(where: { $0.word == word }) {
                counts[index].count += 1
            } else {
                counts.append((word, 1))
            }
        }
        return counts.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
    }

    private static func digest(_ text: String) throws -> String {
        String(try SHA256Hasher.digest(of: Array(text.utf8)).description.suffix(12))
    }
}
