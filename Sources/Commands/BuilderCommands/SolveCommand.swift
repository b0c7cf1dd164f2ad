import ArgumentParser
import CommandOutput
import Faults
import ImageAssembly
import PackageBuilding
import PackageModel
import PackageSelection
import PackageSolving

/// Says which packages requests bring: `boatyard solve`.
struct SolveCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "solve",
        abstract: "Say which packages requests bring, and why.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        A request is a package, with conditions where any version will not do: 'system/kernel >= 6.1, < 7'. The \
        highest versions that fit all requests are taken, from the first place that has one that fits. The \
        packages are listed in the order in which they are installed.

        In the folder of a layer its own packages come first, published or not; then its repository, what \
        --repository and --index name, and the layers below, topmost first. Without a request, what the layer's \
        files ask of others is solved, as 'boatyard lock' notes it.

        Where requests cannot be had together, what stands against it is said, with a way out.
        """,
        statuses: [
            0: "they can be had",
            1: "they cannot, or what --why or --why-not ask about is not there and cannot be",
            2: "it could not be found out",
        ],
        examples: [
            "Ask what a package brings":
                "boatyard solve app/tide --index harbour.json",
            "Ask why something comes along":
                "boatyard solve app/tide --index harbour.json --why system/base",
        ])

    @Argument(help: ArgumentHelp("What is asked for.", valueName: "request"))
    var requests: [String] = []
    @OptionGroup(title: "Where packages come from")
    var places: SolveOptions
    @Option(help: ArgumentHelp("The image's architecture (default: this machine's).", valueName: "name"))
    var architecture: String = ImageArchitecture.host
    @Option(help: ArgumentHelp("Say which requests bring this package.", valueName: "name"))
    var why: String?
    @Option(help: ArgumentHelp("Say what stands against this one.", valueName: "request"))
    var whyNot: String?
    @Flag(help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        _ = try question()
        if requests.isEmpty, whyNot == nil, try !places.hasLayer() {
            throw ValidationError("name a package, as in system/kernel")
        }
        if why != nil, whyNot != nil { throw ValidationError("ask --why or --why-not, one at a time") }
    }

    func perform(_ output: Output) throws {
        var question = try question()
        let found = try places.offers(output)
        if requests.isEmpty, whyNot == nil {
            question.requests = found.requests
        }
        let catalogue = PackageCatalogue(found.offers, architecture: architecture)
        let report = try Self.report(question, catalogue)
        output.show(report.json, lines: report.lines)
        // A document for programs has them.
        if !json { for warning in report.warnings { output.warn(warning) } }
        if !report.isPositive { throw ExitCode(ExitStatus.negative) }
    }

    private static func report(_ question: Question, _ catalogue: PackageCatalogue) throws -> SolveReport {
        if let request = question.whyNot {
            let answer = try PackageSolver.whyNot(request, beside: question.requests, in: catalogue)
            return SolveReport(whyNot: request, answer)
        }
        switch try PackageSolver.solve(question.requests, in: catalogue) {
        case .refused(let problems): return SolveReport(problems)
        case .solved(let result): return question.why.map { SolveReport(why: $0, result) } ?? SolveReport(result)
        }
    }

    /// What was asked, understood.
    private struct Question {
        var requests: [PlacedRequest]
        var why: PackageName?
        var whyNot: PackageRequest?
    }

    private func question() throws -> Question {
        do throws(PackageTextError) {
            var question = Question(requests: [])
            for text in requests {
                question.requests.append(PlacedRequest(try PackageRequest(parsing: text), from: "the command line"))
            }
            if let why { question.why = try PackageName(parsing: why) }
            if let whyNot { question.whyNot = try PackageRequest(parsing: whyNot) }
            return question
        } catch { throw ValidationError(error.description) }
    }
}
