// Builds one file that boots from CD and stick, as an ordinary user: nothing is mounted, and no image is copied twice.
import DiskContract
import Filesystems
import ImageModel
import ImagePlanning
import LinuxSystem
import SystemPackage

/// Builds media.
package enum ISOBuilder {
    /// Builds the medium; the order of the lines is the order of the work.
    ///
    /// - Parameter progress: is told each step as it begins.
    /// - Throws: when an image is not whole, something has no place on a medium or a program fails; no output is left then.
    @discardableResult
    package static func build(_ request: ISORequest, progress: (String) -> Void = { _ in }) throws -> ISOReport {
        let images = try ISOImages(request)
        guard ISOVolume.isLabel(request.label) else { throw ISOError.label(request.label) }
        try ISOTools.check(grub: request.grubDirectory)
        let staging = FilePath("\(request.output).staging")
        try Folders.remove(staging, .tree)
        try Folders.make(staging)
        defer { try? Folders.remove(staging, .tree) }
        progress("loaders")
        var job = ISOJob(request: request, images: images, staging: staging)
        try job.loader.configure()
        // Beside the loaders for UEFI: it is packed by LZMA, which takes as long as they do.
        var bios = BackgroundWork { [loader = job.loader] in try loader.makeBIOS() }
        job.pair = try ImageLoaders.pair(of: images.all[0], configuration: Array(job.menu.leading.utf8))
        progress("GRUB")
        try job.loader.makeUEFI()
        try bios.value()
        progress("sums")
        let content = try job.content()
        progress("writing")
        // Beside the writing, which the disk decides: it reads two archives.
        var drivers = BackgroundWork { [image = images.all[0]] in ISODriverFacts.warnings(of: image) }
        let result = try job.write(content)
        let size = try FileStatus.of(result)?.size ?? 0
        try Folders.rename(result, to: request.output)
        if request.writesProvenance { try ISOProvenance(request: request, images: images).write(progress: progress) }
        return ISOReport(size: size, warnings: try drivers.value())
    }
}

/// Holds the images of a medium, the one that boots first.
struct ISOImages {
    /// What the only loaders start; the second is how kernels spell it.
    private static let machines: Set = ["amd64", "x86_64"]

    let all: [DiskImageSource]

    /// Reads them; an image that is named twice is there once.
    init(_ request: ISORequest) throws {
        var images: [DiskImageSource] = []
        for path in [request.image] + request.others {
            let image = try DiskImageSource(path)
            guard Self.machines.contains(image.manifest.architecture) else {
                throw ISOError.image(path, "it is for \(image.manifest.architecture), and media are for amd64")
            }
            if !images.contains(where: { $0.id == image.id }) { images.append(image) }
        }
        all = images
    }
}

/// Carries one build through its steps.
struct ISOJob {
    let request: ISORequest
    let images: ISOImages
    let staging: FilePath
    /// The loaders that the image that boots brings for UEFI.
    var pair: UEFILoaders?

    /// The time of everything.
    private var time: UTCTime {
        request.time.flatMap { UTCTime(seconds: $0) } ?? images.all[0].manifest.createdAt
    }

    private var tools: FilesystemTools { FilesystemTools(time: time.seconds) }

    private var identity: DiskIdentity {
        let ids = images.all.map(\.id.description).joined(separator: " ")
        return DiskIdentity(seed: request.seed ?? "\(time) \(ids)")
    }

    /// What GRUB reads.
    var menu: MediaMenu {
        MediaMenu(
            images.all[0].id, others: images.all.dropFirst().map(\.id), hasInstallation: request.installation != nil,
            isUnattended: request.isUnattended)
    }

    /// GRUB's part of the work.
    var loader: ISOBootLoader {
        ISOBootLoader(
            menu: menu, grubDirectory: request.grubDirectory, tools: tools, staging: staging,
            volumeIdentifier: identity.volume(.boot), pair: pair)
    }

    /// Everything on the medium but the sums, then with them.
    func content() throws -> MediaContent {
        let entries = try ISOContent(request: request, images: images, loader: loader, staging: staging).entries()
        return try ISOSums(staging: staging, sign: request.sign).added(to: entries, images.all)
    }

    /// Lets xorriso write the medium, and says where it is.
    func write(_ content: MediaContent) throws -> FilePath {
        guard let text = ISOVolume.commands(for: content) else {
            throw ISOError.file(request.image, "a path has both kinds of quotation marks, or a line end")
        }
        let (commands, result) = (staging.appending("commands"), staging.appending("medium"))
        try AtomicFile.write(Array(text.utf8), to: commands, isDurable: false)
        let volume = ISOVolume(label: request.label, time: time, identifier: identity.disk)
        let arguments = volume.arguments(
            output: result.string, tree: loader.tree.string, partition: loader.partition.string,
            bootSector: request.grubDirectory.appending("i386-pc/boot_hybrid.img").string, commands: commands.string)
        try tools.run("xorriso", ["-no_rc"] + arguments)
        return result
    }
}
