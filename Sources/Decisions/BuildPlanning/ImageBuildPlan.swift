package import PackageModel
package import PackageSpecs
package import RegistryModel
package import SystemPackage

/// The builds that make the image of a layer of its packages: each is a package that nobody publishes.
///
/// Files come first, then what steps do, then what has to be done last, each a layer on the one before.
package struct ImageBuildPlan: Sendable {
    /// The files of the layer: no container.
    package let files: PackageSpec
    /// What the steps of the file do; nil without any.
    package let steps: PackageSpec?
    /// What commands of packages and of the file do last.
    package let finalize: PackageSpec

    private var names: [String: [String]] = [:]

    /// What people call a step of one of them.
    package func name(ofStep index: Int, of build: PackageSpec) -> String? {
        let names = names[build.identity] ?? []
        return names.indices.contains(index) ? names[index] : nil
    }

    /// All of them, lowest first.
    package var builds: [PackageSpec] { [files] + (steps.map { [$0] } ?? []) + [finalize] }

    /// Those that are made twice to see whether both are the same: what reaches the network has no reason to be.
    package var repeated: [PackageSpec] {
        (steps.map { [$0] } ?? []).filter { $0.build?.hasNetwork != true } + [finalize]
    }

    /// Where things lie that the builds read.
    package struct Places: Equatable, Sendable {
        /// A folder with the folder `tree`, which has the files of the layer as the image is to have them.
        package var staging: FilePath
        /// What is mounted at `/build`.
        package var build: FilePath

        /// Names both.
        package init(staging: FilePath, build: FilePath) {
            self.staging = staging
            self.build = build
        }
    }

    /// Plans an image.
    ///
    /// - Parameters:
    ///   - base: the image that it lies on; nil for an image of packages alone.
    ///   - packages: those that are laid on it, each behind what it requires.
    ///   - architecture: in Go's words.
    /// - Throws: `PackageTextError` for a name that no package can have.
    package init(
        _ derivative: DerivativeSpec, on base: Located<SourceReference>?, packages: [PackageMetadata],
        in places: Places, architecture: String
    ) throws(PackageTextError) {
        let drafts = Drafts(derivative: derivative, base: base, architecture: architecture)
        var files = try drafts.spec("files", in: places.staging)
        files.artefact = ArtefactSpec(.files("tree"))
        files.artefact?.overrides = [Located("/**", at: derivative.place)]
        // Nothing is built, but what is below it is known, and it may replace all of that.
        files.build = BuildSpec()
        files.build?.base = .layers(image: base, packages: derivative.packages)
        self.files = files
        var below = [files]
        if !derivative.steps.isEmpty {
            let steps = try drafts.spec(
                "steps", in: places.build, on: below, derivative.steps, hasNetwork: derivative.hasNetwork)
            below.append(steps)
            self.steps = steps
            names[steps.identity] = derivative.steps.map { Self.brief($0.value) }
        } else {
            steps = nil
        }
        let commands = Self.commands(derivative, packages)
        var last = try drafts.spec(
            "finalize", in: places.build, on: below, commands.map { Located($0.script, at: derivative.place) },
            hasNetwork: false)
        last.artefact?.carriesRemade = true
        finalize = last
        names[last.identity] = commands.map(\.name)
    }

    /// What runs last, and what people call it: os-release first, for commands may read it.
    private static func commands(
        _ derivative: DerivativeSpec, _ packages: [PackageMetadata]
    ) -> [(script: String, name: String)] {
        let release = ["IMAGE_ID": derivative.name, "IMAGE_VERSION": derivative.version]
            .merging(derivative.release) { $1 }
        let own = packages.flatMap(\.finalize) + derivative.finalize.map(\.value)
        let isMade = own.contains { command in ImageScripts.makers.contains { command.contains($0) } }
        let first = [
            (ImageScripts.release(release), "what writes os-release"),
            (ImageScripts.remaking, "what makes caches of libraries, modules and types"),
        ]
        let last = isMade ? [] : [(ImageScripts.initramfs(in: release, derivative.version), "what makes the initramfs")]
        return (first + own.map { ($0, brief($0)) } + last).map { script, name in
            (ImageScripts.naming(kernel: derivative.kernelVersion, script), name)
        }
    }

    /// The most of a command that is its name.
    private static let longestName = 100

    /// What to call a command: its first line, if that is long its beginning.
    private static func brief(_ command: String) -> String {
        let line = command.split(separator: "\n").first ?? ""
        return line.count > longestName ? "'\(line.prefix(longestName))…'" : "'\(line)'"
    }

    /// Makes the builds of one image.
    private struct Drafts {
        let derivative: DerivativeSpec
        let base: Located<SourceReference>?
        let architecture: String

        func spec(_ part: String, in folder: FilePath) throws(PackageTextError) -> PackageSpec {
            let word = derivative.name.lowercased().map { $0 == "_" ? "-" : $0 }.drop { !$0.isLetter && !$0.isNumber }
            let name = try PackageName(parsing: "image/\(String(word)).\(part)")
            return PackageSpec(
                name, try PackageVersion(parsing: "0"), architecture: architecture, folder: folder,
                place: derivative.place)
        }

        /// A build in a container; it may do to what lies below whatever it wants.
        func spec(
            _ part: String, in folder: FilePath, on below: [PackageSpec], _ commands: [Located<String>],
            hasNetwork: Bool
        ) throws(PackageTextError) -> PackageSpec {
            var spec = try spec(part, in: folder)
            var build = BuildSpec()
            let place = derivative.place
            let requests = try below.map { (below) throws(PackageTextError) in
                Located(try PackageRequest(parsing: "\(below.name)"), at: place)
            }
            build.base = .layers(image: base, packages: derivative.packages + requests)
            build.environment = derivative.environment
            build.hasNetwork = hasNetwork
            build.steps = commands
            spec.build = build
            var artefact = ArtefactSpec(.difference)
            artefact.exclude = derivative.unreproducible
            artefact.overrides = [Located("/**", at: place)]
            artefact.removes = artefact.overrides
            spec.artefact = artefact
            return spec
        }
    }
}
