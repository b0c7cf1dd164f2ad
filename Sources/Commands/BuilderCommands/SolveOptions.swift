import ArgumentParser
import CommandOutput
import LinuxSystem
import PackageBuilding
import PackageModel
import PackageRepositories
import PackageSelection
import PackageSpecs
import RegistryModel
import RepositoryPlanning
import SystemPackage

/// Holds where packages are chosen from.
struct SolveOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A repository, oci://host/repository or oci:PATH; as often as needed, the one that counts first in front.",
            valueName: "repository"))
    var repository: [String] = []
    @Option(
        help: ArgumentHelp("The index of a repository, a file; as --repository.", valueName: "file"),
        completion: .file())
    var index: [String] = []
    @OptionGroup
    var trust: RepositoryTrustOptions
    @OptionGroup(title: "Which layer")
    var layer: LayerOptions

    func validate() throws {
        if !repository.isEmpty || trust.isAnswered { try trust.checkAnswer() }
        if repository.isEmpty, index.isEmpty, try !hasLayer() {
            throw ValidationError("name a --repository or an --index, or the folder of a layer with --layer")
        }
    }

    /// Whether there is a layer to choose for.
    func hasLayer() throws -> Bool { try LayerSelection.isLayer(ThisProcess.folder.pushing(FilePath(layer.layer))) }

    /// What there is to choose from, the place that counts first in front, and what the layer asks for, if there is one.
    ///
    /// - Throws: `SpecError` for what is wrong in a layer's files; the errors of repositories and their keys.
    func offers(_ output: Output) throws -> (offers: [PackageOffer], requests: [PlacedRequest]) {
        guard try hasLayer() else { return (try named(output), []) }
        var choice = try layer.choice()
        choice.memory = trust.memory.file
        let selection = try LayerSelection(choice, environment: ThisProcess.environment)
        selection.notes.forEach(output.note)
        let own = try published(selection.specs.layer, choice, output).map { [PackageOffer($0.known.index)] } ?? []
        let below = try selection.below(choice.repositories)
        below.flatMap(\.notes).forEach(output.note)
        let offers = [selection.specs.offer] + own + (try named(output)) + selection.offers(of: below)
        return (offers, selection.requests)
    }

    /// What the command line names.
    private func named(_ output: Output) throws -> [PackageOffer] {
        let opened = try repository.map { text in
            try TrustedRepository(RepositoryPlace(typed: text), trust.reader()).open(
                layer.registry.configuration(), isOffline: layer.offline)
        }
        opened.flatMap(\.notes).forEach(output.note)
        let files = try index.map { path in
            try RepositoryIndex(parsing: FileBytes.readGiven(FilePath(path), limit: RepositoryIndex.sizeLimit))
        }
        return (opened.map(\.known.index) + files).map { PackageOffer($0) }
    }

    /// What the layer has published; nil when that is nothing, or nobody says whose signature counts.
    private func published(
        _ file: LayerFile, _ choice: LayerChoice, _ output: Output
    ) throws -> RepositoryReader.Opened? {
        guard let repository = file.repository else { return nil }
        guard trust.isAnswered, !choice.isOffline || repository.value.isLocal else {
            output.note("\(repository.place): \(repository.value) is not read: \(reason(choice))")
            return nil
        }
        let opened = try choice.repositories.open(own: repository, with: trust.reader())
        opened?.notes.forEach(output.note)
        return opened
    }

    private func reason(_ choice: LayerChoice) -> String {
        trust.isAnswered ? "--offline asks nobody" : "--key says whose signature counts"
    }
}
