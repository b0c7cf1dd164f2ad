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
        case .cached(let name, let key, let origin):
            let place = origin.map { "from the cache \($0)" }
            let cause =
                explains ? "its inputs have the key \(key), and what was made of them is \(place ?? "here")" : place
            say(name, "cached", cause.map { "cached: \($0)" } ?? "cached", cause: cause)
        case .note(let text): output.note(text)
        case .due(let name, let cause): say(name, "due", "would be built: \(cause)", cause: "\(cause)")
        case .waiting(let name, let needs):
            say(name, "waiting", "waits for \(needs.joined(separator: ", "))", ["waits": .strings(needs)])
        case .started(let name, let cause): say(name, "started", "building: \(cause)", cause: "\(cause)")
        case .finished(let name, let yield): tell(name, yield)
        case .failed(let name, let error): say(name, "failed", "failed: \(error)", cause: "\(error)")
        case .skipped(let name, let other): say(name, "skipped", "not tried, because \(other) failed", cause: other)
        case .idle(let workers, let needs, let waiting): tellIdle(workers, needs, waiting)
        }
    }

    /// Tells that a package was written to a cache elsewhere.
    func wrote(_ name: String, _ caches: RemoteCaches) {
        let place = caches.places.first.map { "to the cache \($0)" } ?? ""
        say(name, "written", "written \(place)", cause: place)
    }

    private func tell(_ name: String, _ yield: BuildYield) {
        let same = yield.isSame ? "; its bytes are what they were" : ""
        let words = "built in \(yield.duration.tenths) s, \(ByteText.scaled(Int(yield.size)))\(same)"
        say(
            name, yield.isSame ? "unchanged" : "built", words,
            ["milliseconds": .integer(yield.duration.milliseconds), "bytes": .integer(yield.size)])
    }

    private func tellIdle(_ workers: Int, _ needs: [String], _ waiting: Int) {
        let who = workers == 1 ? "a worker is idle" : "\(workers) workers are idle"
        let words = "\(who): \(waiting) more to build, after \(needs.joined(separator: ", "))"
        say(nil, "idle", words, ["workers": .integer(Int64(workers)), "waits": .strings(needs)])
    }

    private func say(
        _ name: String?, _ state: String, _ words: String, cause: String? = nil, _ details: JSONObject = [:]
    ) {
        guard output.isJSON else { return output.remark(name.map { "\($0): \(words)" } ?? words) }
        var members: JSONObject = [
            "action": "build", "subject": name.map { .string($0) } ?? .null, "state": .string(state),
            "cause": cause.map { .string($0) } ?? .null, "waits": .null, "milliseconds": .null, "bytes": .null,
            "workers": .null,
        ]
        for detail in details.members { members[detail.name] = detail.value }
        output.emit(.step, members)
    }

    /// Tells how all of it ended.
    ///
    /// - Parameter written: what a cache elsewhere has got; nil when nothing was to be written.
    /// - Throws: `PackagesFailed` when something could not be built.
    func end(_ summary: BuildSummary, written: RemoteCachePush.Outcome? = nil) throws {
        if let note = written?.note { output.note(note) }
        guard summary.failures.isEmpty else { throw PackagesFailed(summary) }
        let count = written?.written.count ?? 0
        let counts = [summary.counts, count > 0 ? "\(count) written to a cache elsewhere" : ""].filter { !$0.isEmpty }
        let message =
            counts.isEmpty ? "There is nothing to build." : "Packages: \(counts.joined(separator: ", "))."
        let names: (([String]) -> JSONValue) = { .array($0.sorted().map { .string($0) }) }
        output.end(
            OperationResult(
                "package build", changed: !summary.built.isEmpty || written?.written.isEmpty == false, message,
                details: [
                    "built": names(summary.built), "cached": names(summary.cached), "due": names(summary.due),
                    "unknown": names(summary.unknown), "written": names(written?.written ?? []),
                ]))
    }
}

extension BuildSummary {
    /// How many of each kind there are, such as `2 built, 1 from the cache`; empty when there are none.
    var counts: String {
        let culprits = Set(skipped.values).sorted().joined(separator: ", ")
        let kinds: [(count: Int, words: String)] = [
            (built.count, "built"), (cached.count, "from the cache"), (due.count, "to be built"),
            (unknown.count, "above these, of which nothing is known yet"), (failures.count, "failed"),
            (skipped.count, "not tried because of \(culprits)"),
        ]
        return kinds.filter { $0.count > 0 }.map { "\($0.count) \($0.words)" }.joined(separator: ", ")
    }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }

    /// Seconds with one decimal, cut.
    fileprivate var tenths: String { "\(milliseconds / 1000).\(milliseconds % 1000 / 100)" }
}

/// Says which packages could not be built; each error was told when it came.
struct PackagesFailed: ClassifiedError, CustomStringConvertible {
    private let summary: BuildSummary

    init(_ summary: BuildSummary) { self.summary = summary }

    var refusal: RefusalKind? { nil }
    var underlying: (any Error)? { summary.failures.sorted { $0.key < $1.key }.first?.value }
    var description: String {
        let names = summary.failures.keys.sorted().joined(separator: ", ")
        return "building packages: \(names) could not be built. Packages: \(summary.counts). "
            + "What was built is not built again when you try once more."
    }
}
