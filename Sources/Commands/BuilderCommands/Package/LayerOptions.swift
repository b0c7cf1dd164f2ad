import ArgumentParser
import CommandOutput
import ImageModel
import LinuxSystem
import PackageBuilding
import PackageRepositories
import SystemPackage

/// Holds which layer is worked on, and with what.
struct LayerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder of the layer, with boatyard.yaml (default: this folder).", valueName: "dir"),
        completion: .directory)
    var layer = "."
    @Option(
        help: ArgumentHelp(
            "A flavour: values/NAME.yaml of the layer. As often as needed; the last one wins.", valueName: "name"))
    var values: [String] = []
    @Option(help: ArgumentHelp("A value, over all files. As often as needed.", valueName: "name=value"))
    var set: [String] = []
    @OptionGroup
    var cache: CacheOptions
    @Flag(help: "Ask nobody over a network: use what the cache has.")
    var offline = false
    @OptionGroup(title: "How registries are reached")
    var registry: RegistryOptions

    /// What the options and the environment choose.
    ///
    /// - Throws: `ValidationError` when there is no place for a cache, or `SOURCE_DATE_EPOCH` is no time.
    func choice() throws -> LayerChoice {
        // Programs that are started elsewhere have to find it.
        let here = try ThisProcess.folder
        var choice = LayerChoice(
            here.pushing(FilePath(layer)).lexicallyNormalized(), cache: try cache.folder(),
            access: registry.configuration())
        choice.flavours = values
        choice.settings = set
        choice.isOffline = offline
        choice.memory = RepositoryMemoryFile.ofUser(ThisProcess.variable)
        if let time = try ImageBuildCommand.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH")) {
            choice.epoch = time.seconds
        }
        return choice
    }

    /// Reads the layer, and says what is odd in it.
    ///
    /// - Throws: as `choice`, and `SpecError`.
    func session(_ output: Output) throws -> LayerSession {
        let session = try LayerSession(try choice(), environment: ThisProcess.environment)
        for note in session.notes { output.note(note) }
        return session
    }
}
