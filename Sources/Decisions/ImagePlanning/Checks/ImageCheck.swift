/// One question about an image, and what it means when the answer is bad.
package struct ImageCheck: Sendable {
    /// How much an answer weighs.
    package enum Severity: String, Sendable, CaseIterable {
        /// The image does not boot, or does not stay: it is refused.
        case error
        /// It may be meant, or it could not be found out: it is said.
        case warning
    }

    /// The name by which it is allowed.
    package let name: String
    /// How much it weighs.
    package let severity: Severity
    /// What it finds, for the documentation: "no program in the initramfs starts the agent".
    package let finds: String
    /// What to do, a sentence.
    package let remedy: String
    /// Says what is wrong, without full stops; nothing when all is well.
    let causes: @Sendable (ImageFacts) -> [String]

    init(
        _ name: String, _ severity: Severity, _ finds: String, remedy: String,
        causes: @escaping @Sendable (ImageFacts) -> [String]
    ) {
        self.name = name
        self.severity = severity
        self.finds = finds
        self.remedy = remedy
        self.causes = causes
    }
}

/// All checks of an image: the one table from which the names that can be allowed and the documentation come.
package enum ImageChecks {
    /// The checks, in the order in which their findings are told.
    package static let all = BootChecks.all + LoaderChecks.all + InitrdChecks.all + KeyChecks.all + SystemChecks.all

    /// Runs all checks.
    package static func findings(of facts: ImageFacts) -> [ImageFinding] {
        all.flatMap { check in check.causes(facts).map { ImageFinding(check, cause: $0) } }
    }
}

/// Something that a check found.
package struct ImageFinding: Equatable, Sendable, CustomStringConvertible {
    /// The name of the check.
    package let name: String
    /// How much it weighs.
    package let severity: ImageCheck.Severity
    /// What is wrong, without full stop.
    package let cause: String
    /// What to do, a sentence.
    package let remedy: String

    init(_ check: ImageCheck, cause: String) {
        name = check.name
        severity = check.severity
        self.cause = cause
        remedy = check.remedy
    }

    /// The same with more words about where.
    init(_ finding: ImageFinding, cause: String) {
        (name, severity, remedy) = (finding.name, finding.severity, finding.remedy)
        self.cause = cause
    }

    /// One line: name, cause, remedy.
    package var description: String { "\(name): \(cause). \(remedy)" }
}

/// What the findings mean, once it is known which of them somebody accepts.
package struct ImageVerdict: Equatable, Sendable {
    /// What refuses the image.
    package let errors: [ImageFinding]
    /// What is only said; errors that somebody accepts are among them.
    package let warnings: [ImageFinding]

    /// Judges.
    ///
    /// - Parameter allowed: names of checks whose findings are accepted; a warning that is accepted is not said at all.
    package init(_ findings: [ImageFinding], allowing allowed: Set<String>) {
        errors = findings.filter { $0.severity == .error && !allowed.contains($0.name) }
        warnings = findings.filter { $0.severity == (allowed.contains($0.name) ? .error : .warning) }
    }

    /// What the errors say together, and what to do; nil when there are none.
    package var refusal: (cause: String, remedy: String)? {
        guard let first = errors.first else { return nil }
        let names = Set(errors.map(\.name)).sorted()
        let accept = "--allow \(names.joined(separator: " --allow "))"
        let cause = errors.map { "\($0.cause) (\($0.name))" }.joined(separator: "; ")
        guard errors.count > 1 else { return (cause, "\(first.remedy) Or accept it with \(accept).") }
        return (cause, "\(errors.map(\.remedy).deduplicated.joined(separator: " ")) Or accept them with \(accept).")
    }
}

extension [String] {
    /// Each text once, where it came first.
    fileprivate var deduplicated: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
