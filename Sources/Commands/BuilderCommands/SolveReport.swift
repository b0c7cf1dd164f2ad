import CommandOutput
import Faults
import ImageModel
import JSONText
import PackageModel
import PackageSelection
import PackageSolving

/// Words what came of solving, for people and programs.
struct SolveReport {
    /// The most chains that are told for one package.
    private static let shown = 10

    /// For programs.
    let json: JSONValue
    /// For people.
    let lines: [String]
    /// What was decided without being asked.
    let warnings: [String]
    /// Whether the answer is yes.
    let isPositive: Bool

    private init(_ json: JSONObject, _ lines: [String], warnings: [String] = [], isPositive: Bool) {
        self.json = .object(json)
        self.lines = lines
        self.warnings = warnings
        self.isPositive = isPositive
    }

    /// Lists the packages in the order in which they are installed.
    init(_ result: SolverResult) {
        let warnings = result.warnings.map(\.description)
        self.init(
            [
                "solved": true, "packages": .array(result.packages.map(Self.json)),
                "warnings": .array(warnings.map { .string($0) }),
            ], Self.table(result.packages), warnings: warnings, isPositive: true)
    }

    /// Says what stands against the requests.
    init(_ problems: [SelectionProblem]) {
        self.init(
            ["solved": false, "problems": .array(problems.map(Self.json))], problems.map { "error: \($0)" },
            isPositive: false)
    }

    /// Says which requests bring a package.
    init(why name: PackageName, _ result: SolverResult) {
        let reasons = result.explanation(of: name)
        let more = reasons.count - Self.shown
        let lines =
            reasons.isEmpty
            ? ["Nothing brings \(name); 'boatyard solve --why-not' says what stands against it."]
            : reasons.prefix(Self.shown).map { "\($0)." } + (more > 0 ? ["And \(more) more requests bring it."] : [])
        self.init(
            ["package": .string("\(name)"), "reasons": .array(reasons.map { .string($0) })], lines,
            isPositive: !reasons.isEmpty)
    }

    /// Says what stands against a request.
    init(whyNot request: PackageRequest, _ answer: WhyNotAnswer) {
        switch answer {
        case .there(let result): self.init(why: request.name, result)
        case .possible(let result):
            self.init(
                [
                    "request": .string("\(request)"), "possible": true,
                    "packages": .array(result.packages.map(Self.json)),
                ],
                ["Nothing stands against \(request): it is taken when it is asked for. With it there would be:"]
                    + Self.table(result.packages), isPositive: true)
        case .refused(let problems):
            self.init(
                [
                    "request": .string("\(request)"), "possible": false,
                    "problems": .array(problems.map(Self.json)),
                ], problems.map { "error: \($0)" }, isPositive: false)
        }
    }

    private static func table(_ packages: [SolvedPackage]) -> [String] {
        var table = TextTable()
        for solved in packages {
            let metadata = solved.package.metadata
            table.add(["\(metadata.name)", "\(metadata.version)", metadata.architecture, solved.repository])
        }
        let size = packages.reduce(Int64(0)) { $0 + min($1.size, Int64.max - $0) }
        let count = packages.count == 1 ? "1 package" : "\(packages.count) packages"
        return table.lines + ["\(count), \(ByteText.scaled(Int(clamping: size))) to fetch"]
    }

    private static func json(_ solved: SolvedPackage) -> JSONValue {
        let metadata = solved.package.metadata
        var object: JSONObject = [
            "name": .string("\(metadata.name)"), "version": .string("\(metadata.version)"),
            "architecture": .string(metadata.architecture), "repository": .string(solved.repository),
            "layer": .integer(Int64(solved.layer)),
        ]
        object["manifest"] = solved.package.published.map { .string($0.manifest.registryText) }
        object["size"] = .integer(solved.size)
        return .object(object)
    }

    private static func json(_ problem: SelectionProblem) -> JSONValue {
        [
            "cause": .string(problem.cause), "remedy": .string(problem.remedy),
            "requests": .array(
                problem.requests.map { ["request": .string("\($0.request)"), "origin": .string($0.origin)] }),
        ]
    }
}

extension SolvedPackage {
    /// Bytes to fetch.
    fileprivate var size: Int64 { package.published?.size ?? 0 }
}
