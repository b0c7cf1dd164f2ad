import DocumentTree
import Faults
import LinuxSystem
package import PackageSpecs
import SystemPackage

/// What a layer is read with besides its folder.
package struct LayerRequest: Sendable {
    /// The architecture that is built for, in Go's words.
    package var architecture: String
    /// boatyard's own environment.
    package var environment: [String: String]
    /// The flavours by name; of two that say one value the later one wins.
    package var flavours: [String] = []
    /// What `--set` says, `NAME=VALUE` each; the last of a name wins.
    package var options: [String] = []

    /// Asks for a layer; what has a default can be set afterwards.
    package init(architecture: String, environment: [String: String]) {
        self.architecture = architecture
        self.environment = environment
    }
}

/// What the files of a layer say, or what is wrong in them.
package struct LayerReading: Sendable {
    /// What packages were read with.
    package let context: SpecContext
    /// What is wrong: at most one fault for each file.
    package private(set) var faults: [SpecError] = []
    /// What is odd and changes nothing, a sentence each.
    package private(set) var notes: [String] = []
    private var found: LayerSpecs?

    /// The layer.
    ///
    /// - Throws: the first of `faults`.
    package func specs() throws(SpecError) -> LayerSpecs {
        if let fault = faults.first { throw fault }
        guard let found else {
            throw SpecError(.content, "reading the layer", "", cause: "nothing was read", remedy: "")
        }
        return found
    }

    init(
        context: SpecContext, layer: LayerFile, readings: [PackageReading], derivative: DerivativeSpec?,
        faults: [SpecError]
    ) {
        self.context = context
        self.faults = faults
        guard faults.isEmpty else { return }
        do throws(SpecError) {
            let specs = try LayerSpecs(layer, readings, derivative: derivative)
            found = specs
            judgeSettings(specs)
        } catch { self.faults = [error] }
    }

    /// A value on the command line that nothing knows is a slip; a flavour may say more than one layer needs.
    private mutating func judgeSettings(_ specs: LayerSpecs) {
        for name in specs.unknownSettings(context) {
            guard let origin = context.values[name]?.origin else { continue }
            let near = specs.valueNames.sorted().nearest(to: name).map { "; did you mean '\($0)'?" } ?? ""
            if case .option = origin {
                faults.append(
                    SpecError(
                        .content, "reading the option", "--set \(name)=…",
                        cause: "no file of the layer has a value '\(name)'\(near)",
                        remedy: "Correct the name, or leave the option out."))
            } else {
                notes.append("\(origin): no file of the layer has a value '\(name)'\(near)")
            }
        }
    }
}

extension LayerFolder {
    /// Reads everything that describes the layer but its lock: `boatyard.yaml`, the flavours asked for, all packages, its
    /// image.
    ///
    /// A fault in a package hides no fault in another one.
    ///
    /// - Throws: `SpecError` when there is no layer, or what holds for all packages cannot be read.
    package func read(_ request: LayerRequest) throws(SpecError) -> LayerReading {
        let folder = try handle()
        let layer = try layerFile(folder, request)
        let context = SpecContext(
            architecture: request.architecture, environment: request.environment, layer: layer,
            flavours: try flavours(folder, request), options: try Self.options(request))
        let search = try PackageSearch(folder)
        var (readings, faults) = ([PackageReading](), search.faults)
        var size = 0
        for file in search.files {
            do throws(SpecError) { readings.append(try package(file, folder, context, &size)) } catch {
                if error.kind == .limit { throw error }
                faults.append(error)
            }
        }
        var derivative: DerivativeSpec?
        do throws(SpecError) { derivative = try self.derivative(folder, context) } catch { faults.append(error) }
        return LayerReading(
            context: context, layer: layer, readings: readings, derivative: derivative, faults: faults)
    }

    private func derivative(
        _ folder: borrowing DirectoryHandle, _ context: SpecContext
    ) throws(SpecError) -> DerivativeSpec? {
        let file = FilePath(root: nil, [DerivativeSpec.fileName])
        guard let bytes = try bytes(of: file, in: folder) else { return nil }
        return try DerivativeFile(try Self.document(bytes, file), file: file).derivative(in: context)
    }

    private func layerFile(
        _ folder: borrowing DirectoryHandle, _ request: LayerRequest
    ) throws(SpecError) -> LayerFile {
        let file = FilePath(root: nil, [LayerFile.fileName])
        guard let bytes = try bytes(of: file, in: folder) else {
            throw SpecError(
                .file, "reading the layer", path.string, cause: "there is no \(file) in it",
                remedy: "Work in the folder of a layer, or begin one with a file \(file): 'format: 1' and 'name: NAME'."
            )
        }
        return try LayerFile(
            try Self.document(bytes, file), file: file, architecture: request.architecture,
            environment: request.environment)
    }

    private func flavours(
        _ folder: borrowing DirectoryHandle, _ request: LayerRequest
    ) throws(SpecError) -> [[String: SpecValue]] {
        var flavours: [[String: SpecValue]] = []
        for name in request.flavours {
            let file = FilePath(root: nil, [FlavourFile.folder]).appending("\(name).yaml")
            guard file.components.count == 2, let bytes = try bytes(of: file, in: folder) else {
                throw unknownFlavour(name, try self.flavours())
            }
            flavours.append(
                try FlavourFile.values(
                    of: try Self.document(bytes, file), file: file, environment: request.environment))
        }
        return flavours
    }

    private func unknownFlavour(_ name: String, _ known: [String]) -> SpecError {
        let near = known.nearest(to: name).map { "; did you mean '\($0)'?" } ?? ""
        let list = known.isEmpty ? "There is none in this layer." : "There are \(known.joined(separator: ", "))."
        return SpecError(
            .file, "reading the values", name, cause: "there is no file \(FlavourFile.folder)/\(name).yaml\(near)",
            remedy: list)
    }

    private static func options(_ request: LayerRequest) throws(SpecError) -> [String: SpecValue] {
        var options: [String: SpecValue] = [:]
        for text in request.options {
            let option = try SpecValue.option(text)
            options[option.name] = option.value
        }
        return options
    }

    private func package(
        _ file: FilePath, _ folder: borrowing DirectoryHandle, _ context: SpecContext, _ size: inout Int
    ) throws(SpecError) -> PackageReading {
        guard let bytes = try bytes(of: file, in: folder) else {
            throw SpecError(.file, "reading", file.string, cause: "it is gone", remedy: "Try again.")
        }
        size += bytes.count
        guard size <= Self.sizeLimit else {
            throw SpecError(
                .limit, "reading", file.string, cause: "the packages' files have more than \(Self.sizeLimit) bytes",
                remedy: "Make several layers of this one.")
        }
        let document = try Self.document(bytes, file)
        let containers = try handle()
        return try PackageFile(document, file: file).packages(in: context) { (path) throws(SpecError) in
            try text(of: path, in: containers)
        }
    }

    private func text(of file: FilePath, in folder: borrowing DirectoryHandle) throws(SpecError) -> String? {
        guard let bytes = try bytes(of: file, in: folder) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SpecError(.content, "reading", file.string, cause: "it is not UTF-8", remedy: "Write it in UTF-8.")
        }
        return text
    }
}
