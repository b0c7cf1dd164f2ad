package import JSONText
package import SystemPackage

/// One executable that says whether the system works (docs/operating.md).
package struct HealthCheck: Equatable, Sendable {
    /// What its failure means.
    package enum Kind: String, CaseIterable, Sendable {
        /// The boot is unhealthy.
        case required
        /// Only reported.
        case wanted
    }

    /// Where checks are looked for; the image's before the machine's.
    package static let directories: [FilePath] = ["/usr/lib/lifeboot/health.d", "/etc/lifeboot/health.d"]
    /// Seconds that a check may take unless `LIFEBOOT_HEALTH_TIMEOUT` says otherwise.
    package static let defaultTimeout = 60
    /// The timeouts that can be set, in seconds.
    package static let timeoutRange = 1...3600

    /// What its failure means.
    package var kind: Kind
    /// The executable.
    package var path: FilePath

    /// Makes a check.
    package init(_ kind: Kind, _ path: FilePath) {
        self.kind = kind
        self.path = path
    }

    /// The file's name, by which checks are ordered and reported.
    package var name: String { path.lastComponent?.string ?? path.string }

    /// Puts checks in the order in which they run: required first, then by name, then the image's first.
    package static func ordered(_ checks: [HealthCheck]) -> [HealthCheck] {
        let ranked = checks.map { check in
            let directory = directories.firstIndex { check.path.starts(with: $0) } ?? directories.count
            return (check.kind == .required ? 0 : 1, check.name, directory, check)
        }
        return ranked.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3)
    }

    /// Reads the timeout; an absurd one is noted and the default is used.
    package static func timeout(_ text: String?) -> (seconds: Int, problem: String?) {
        guard let text, !text.isEmpty else { return (defaultTimeout, nil) }
        if let seconds = Int(text), timeoutRange.contains(seconds) { return (seconds, nil) }
        return (
            defaultTimeout,
            "LIFEBOOT_HEALTH_TIMEOUT=\(text) is no number of seconds from 1 to 3600; \(defaultTimeout) s are used"
        )
    }
}

/// What became of one health check.
package struct HealthCheckResult: Equatable, Sendable {
    /// How it ended.
    package enum Outcome: Equatable, Sendable {
        /// Exit status 0.
        case passed
        /// Any other end, such as `exit status 1`.
        case failed(String)
        /// Killed after so many seconds.
        case timedOut(Int)
        /// It could not be run, so nothing is known.
        case notRun(String)
    }

    /// The check.
    package var check: HealthCheck
    /// How it ended.
    package var outcome: Outcome
    /// The last of what it wrote to standard error; empty when it wrote nothing.
    package var said: String

    /// Makes a result.
    package init(_ check: HealthCheck, _ outcome: Outcome, said: String = "") {
        self.check = check
        self.outcome = outcome
        self.said = said
    }

    /// What happened, in a few words.
    package var summary: String {
        switch outcome {
        case .passed: "passed"
        case .failed(let how): "failed: \(how)"
        case .timedOut(let seconds): "failed: not finished after \(seconds) s"
        case .notRun(let why): "could not be run: \(why)"
        }
    }

    /// What happened and what the check said about it, in one line.
    package var cause: String {
        let last = said.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        return last.isEmpty ? summary : "\(summary): \(last)"
    }

    /// The result as an element of the report.
    package var json: JSONValue {
        let word =
            switch outcome {
            case .passed: "passed"
            case .failed, .timedOut: "failed"
            case .notRun: "not-run"
            }
        return [
            "check": .string(check.path.string), "kind": .string(check.kind.rawValue), "outcome": .string(word),
            "summary": .string(summary), "said": .string(said),
        ]
    }
}
