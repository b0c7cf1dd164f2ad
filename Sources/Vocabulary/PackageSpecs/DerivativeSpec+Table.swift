import DocumentTree
import ImageModel
import JSONText
import PackageModel
import RegistryModel
import SystemPackage

extension DerivativeSpec {
    /// Every key of `derivative.yaml`.
    static func table(_ file: FilePath) -> DocumentTable<DerivativeSpec> {
        DocumentTable(
            "the derivative",
            [SpecDocument.formatKey()] + identity + content(file) + work(file) + configuration + manifest + checks)
    }

    private static let identity: [DocumentKey<DerivativeSpec>] = [
        DocumentKey("name", .word, required: true, "The system's name, which machines know images by.") {
            $0.name = $1
        },
        DocumentKey("version", .imageVersion, required: true, "Its version.") { $0.version = $1 },
        DocumentKey(
            "sequence", .integer(0...Int.max),
            "A number that grows with each release: machines go to no smaller one. Without this key it is the time of the build."
        ) { $0.sequence = Int64($1) },
    ]

    private static func content(_ file: FilePath) -> [DocumentKey<DerivativeSpec>] {
        [
            DocumentKey(
                "base", .derivativeBase(file),
                """
                What it lies on: the image of a layer below, or any container image. Which one that is now is in the lock \
                file. Without this key the image is made of packages alone.
                """
            ) { $0.base = $1 },
            DocumentKey(
                "packages", .conditional(.located(.request, in: file), "item"), default: [],
                "The packages that are in it, with all that they require."
            ) { $0.packages = $1 },
            DocumentKey(
                "files", .derivativeFiles, default: [], "Folders of the layer that are copied in, in this order."
            ) { $0.files = $1 },
            DocumentKey(
                "os-release", .releaseLines, default: [:],
                """
                Lines of `/usr/lib/os-release` that are replaced or added. `IMAGE_ID` and `IMAGE_VERSION` are name and \
                version without being written.
                """
            ) { $0.release = $1 },
        ]
    }

    private static func work(_ file: FilePath) -> [DocumentKey<DerivativeSpec>] {
        [
            DocumentKey("environment", .environment, default: [:], "The environment of `steps` and `finalize`.") {
                $0.environment = $1
            },
            DocumentKey(
                "network", .truth, default: false, "Whether `steps` reach the network; `finalize` never does."
            ) { $0.hasNetwork = $1 },
            DocumentKey(
                "steps", .conditional(.located(.command, in: file), "run"), default: [],
                """
                Commands, each one `/bin/sh -ec`, when packages and files are there. The layer's folder `build`, if it \
                has one, is mounted read-only at `/build`.
                """
            ) { $0.steps = $1 },
            DocumentKey(
                "finalize", .conditional(.located(.command, in: file), "run"), default: [],
                """
                Commands that run last, after those of all packages, without a network. `$KERNEL` is the version of \
                the kernel. An initramfs that is not there then is made by dracut.
                """
            ) { $0.finalize = $1 },
        ]
    }

    private static let configuration: [DocumentKey<DerivativeSpec>] = [
        DocumentKey(
            "oem", .pathBelow, "The folder of OEM defaults, which goes to `/system/oem`: accounts, channel, branding."
        ) { $0.oem = $1 },
        DocumentKey(
            "health", .pathBelow,
            "The folder of health checks, which goes to `/usr/lib/lifeboot/health.d`: `required/` and `wanted/`."
        ) { $0.health = $1 },
        DocumentKey(
            "layout", .pathBelow,
            "The file that says what persists, which goes to `/usr/lib/lifeboot/layout.yaml` (docs/layout.md)."
        ) { $0.layout = $1 },
        DocumentKey(
            "keys", .conditional(.pathBelow, "item"), default: [],
            "Public keys, or folders with such, that machines take images of: they go to `/usr/lib/lifeboot/keys`."
        ) { $0.keys = $1 },
    ]

    private static let manifest: [DocumentKey<DerivativeSpec>] = [
        DocumentKey(
            "kernel",
            [
                DocumentKey("version", .word, "The kernel to take. Without this key it is the newest.") {
                    $0.kernelVersion = $1
                },
                DocumentKey("arguments", .kernelArguments, default: [], "Its arguments.") { $0.kernelArguments = $1 },
            ], "The kernel that machines boot."),
        DocumentKey("boards", .conditional(.word, "item"), default: [], "Boards that the image fits; none means all.") {
            $0.boards = $1
        },
        DocumentKey("minimum-agent", .agentVersion, "The oldest agent that can boot the image.") {
            $0.minimumAgent = $1
        },
        DocumentKey(
            "reproducible",
            [
                DocumentKey(
                    "exclude", .conditional(.glob, "item"), default: [],
                    "Globs of what would be otherwise in each build; what steps make of it is left out."
                ) { $0.unreproducible = $1 }
            ], "What keeps two builds from being equal."),
    ]

    private static let checks: [DocumentKey<DerivativeSpec>] = [
        DocumentKey(
            "checks",
            [
                DocumentKey(
                    "allow", .conditional(.word, "item"), default: [],
                    "Checks of docs/image-checks.md whose findings are accepted."
                ) { $0.checks.allowed = $1 },
                DocumentKey(
                    "allow-setuid", .conditional(.glob, "item"),
                    "Programs that may run as their owner or group; another one ends the build. Without this key all are reported."
                ) { $0.checks.setuid = $1 },
                DocumentKey(
                    "allow-world-writable", .conditional(.glob, "item"),
                    "What everybody may write, besides folders with the sticky bit. Without this key all is reported."
                ) { $0.checks.worldWritable = $1 },
            ], "What checks accept."),
        DocumentKey(
            "sizes", .partitionSizes, default: [:],
            "Sizes of the partitions `recovery` and `state`, such as `1GiB`, that the image has to fit into."
        ) { $0.sizes = $1 },
    ]
}
