import ArgumentParser
import BuildPlanning
import CommandOutput
import Faults
import JSONText
import PackageBuilding

/// Tells what happens while packages are built, and how it ended.
struct PackageBuildReport {
    private let output: Output
    /// Whether what is in the cache is told with its key.
    private let explains: Bool

    /// Tells it by an output.
    init(_ output: Output, explains: Bool = false) {
        self.output = output
        self.explains = explains
    }

    /// Tells one event.
    func tell(_ event: BuildEvent) {
        switch event {
        case .cached(let name, let key):
            let cause = explains ? "its inputs have the key \(key), and what was made of them is here" : nil
            say(name, "cached", cause.map { "cached: \($0)" }, cause: cause)
        case .due(let name, let cause): say(name, "due", "would be built: \(cause)", cause: "\(cause)")
        case .started(let name, let cause): say(name, "started", "building: \(cause)", cause: "\(cause)")
        case .finished(let name, let isSame):
            say(name, isSame ? "unchanged" : "built", isSame ? "built, and its bytes are what they were" : "built")
        case .failed(let name, let error): say(name, "failed", "failed: \(error)", cause: "\(error)")
        case .skipped(let name, let other): say(name, "skipped", "not tried, because \(other) failed", cause: other)
        }
    }

    private func say(_ name: String, _ state: String, _ words: String? = nil, cause: String? = nil) {
        guard !output.isJSON else {
            return output.emit(
                .step,
                [
                    "action": "build", "subject": .string(name), "state": .string(state),
                    "cause": cause.map { .string($0) } ?? .null,
                ])
        }
        output.remark("\(name): \(words ?? state)")
    }

    /// Tells how all of it ended.
    ///
    /// - Throws: `PackagesFailed` when something could not be built.
    func end(_ summary: BuildSummary) throws {
        guard summary.failures.isEmpty else { throw PackagesFailed(summary) }
        let parts = [
            Self.count(summary.built, "built"), Self.count(summary.cached, "from the cache"),
            Self.count(summary.due, "to be built"),
            Self.count(summary.unknown, "above these, of which nothing is known yet"),
        ].compactMap(\.self)
        let message = parts.isEmpty ? "There is nothing to build." : "Packages: \(parts.joined(separator: ", "))."
        let names: (([String]) -> JSONValue) = { .array($0.sorted().map { .string($0) }) }
        output.end(
            OperationResult(
                "package build", changed: !summary.built.isEmpty, message,
                details: [
                    "built": names(summary.built), "cached": names(summary.cached), "due": names(summary.due),
                    "unknown": names(summary.unknown),
                ]))
    }

    private static func count(_ names: [String], _ words: String) -> String? {
        names.isEmpty ? nil : "\(names.count) \(words)"
    }
}

/// Says which packages could not be built; each error was told when it came.
struct PackagesFailed: ClassifiedError, CustomStringConvertible {
    private let summary: BuildSummary

    init(_ summary: BuildSummary) { self.summary = summary }

    var refusal: RefusalKind? { nil }
    var underlying: (any Error)? { summary.failures.sorted { $0.key < $1.key }.first?.value }
    var description: String {
        let names = summary.failures.keys.sorted().joined(separator: ", ")
        let skipped = summary.skipped.isEmpty ? "" : " \(summary.skipped.count) that need them were not tried."
        return "building packages: \(names) could not be built.\(skipped) "
            + "\(summary.built.count) were built, and are not built again when you try once more."
    }
}
