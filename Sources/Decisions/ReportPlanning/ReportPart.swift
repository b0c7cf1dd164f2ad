package import SystemPackage

/// One file of a report: where it comes from, and how much of it and how long for it is waited at most.
package struct ReportPart: Equatable, Sendable {
    /// Where it comes from.
    package enum Source: Equatable, Sendable {
        /// What a verb of this agent prints.
        case agent([String])
        /// What a program of the system prints.
        case program(String, [String])
        /// A file.
        case file(FilePath)
        /// The names of the files below folders; nothing of what is in them.
        case names(below: [FilePath])
        /// Members of the status that was gathered before.
        case statusMembers([String])
        /// The plan of the boot that the status says is next.
        case nextBoot
    }

    /// Its name in the report.
    package var name: String
    /// What it is, for whoever reads the report.
    package var about: String
    /// Where it comes from.
    package var source: Source
    /// The most bytes that are kept: of what is printed the last ones.
    package var limit: Int
    /// How long a program may take.
    package var time: Duration

    /// Describes a part.
    package init(
        _ name: String, _ about: String, _ source: Source, limit: Int = 1 << 20, time: Duration = .seconds(20)
    ) {
        self.name = name
        self.about = about
        self.source = source
        self.limit = limit
        self.time = time
    }

    /// Whether it is a JSON document, which stays one without its secrets.
    package var isJSON: Bool { name.hasSuffix(".json") }
}

/// Says what became of a part.
package struct ReportEntry: Equatable, Sendable {
    /// The part.
    package var part: ReportPart
    /// How many bytes of it are in the report; nil when it is not.
    package var bytes: Int?
    /// What is missing of it, and why; nil when it is whole.
    package var gap: String?

    /// States what became of a part.
    package init(_ part: ReportPart, bytes: Int? = nil, gap: String? = nil) {
        self.part = part
        self.bytes = bytes
        self.gap = gap
    }
}
