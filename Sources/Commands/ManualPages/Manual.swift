import ArgumentParser
package import CommandOutput
import DocumentTree
import PackageSpecs
import TransactionPlanning

/// All pages of the manual: of verbs, of files, and of the documents that go over several verbs.
///
/// Nothing is said here that is said elsewhere: verbs come from what the programs parse, keys from the tables by which files
/// are read, all else from the documents of the checkout.
package enum Manual {
    /// The documents that are pages, by their paths in the checkout.
    package static let documents: [String: PageName] = [
        "docs/configuration.md": PageName("lifeboot.config", 5), "docs/layout.md": PageName("lifeboot.layout", 5),
        "docs/disk-settings.md": PageName("lifeboot.disk", 5), "docs/oem-reference.md": PageName("lifeboot.oem", 5),
        "docs/events.md": PageName("lifeboot.events", 5), "grub/README.md": PageName("lifeboot.boot.env", 5),
        "docs/on-disk-layout.md": PageName("lifeboot.partitions", 5),
        "docs/repository.md": PageName("lifeboot.registry", 5),
        "docs/operating.md": PageName("lifeboot-operating", 7), "docs/upgrading.md": PageName("lifeboot-upgrading", 7),
        "docs/resetting.md": PageName("lifeboot-resetting", 7),
        "docs/recovery.md": PageName("lifeboot-recovery", 7), "docs/journal.md": PageName("lifeboot-journal", 7),
        "docs/unattended.md": PageName("lifeboot-unattended", 7),
        "docs/coming-from.md": PageName("lifeboot-coming-from", 7),
        "docs/debian-packages.md": PageName("boatyard-debian-packages", 7),
        "docs/installing.md": PageName("lifeboot-installing", 7), "docs/media.md": PageName("lifeboot-media", 7),
        "docs/oem.md": PageName("lifeboot-oem", 7), "docs/overlays.md": PageName("lifeboot-overlays", 7),
        "docs/growing.md": PageName("lifeboot-growing", 7), "docs/trust.md": PageName("lifeboot-trust", 7),
        "docs/secure-boot.md": PageName("lifeboot-secure-boot", 7),
        "docs/initramfs.md": PageName("lifeboot-initramfs", 7),
        "docs/registries.md": PageName("lifeboot-registries", 7), "docs/delta.md": PageName("lifeboot-delta", 7),
        "docs/container-images.md": PageName("lifeboot-container-images", 7),
        "docs/image-checks.md": PageName("lifeboot-image-checks", 7),
        "docs/boot-protocol.md": PageName("lifeboot-boot-protocol", 7),
        "docs/glossary.md": PageName("lifeboot-glossary", 7), "docs/checklist.md": PageName("lifeboot-checklist", 7),
        "docs/getting-started.md": PageName("boatyard-getting-started", 7),
        "docs/channels.md": PageName("boatyard-channels", 7), "docs/packages.md": PageName("boatyard-packages", 7),
        "docs/repositories.md": PageName("boatyard-repositories", 7),
        "docs/derivatives.md": PageName("boatyard-derivatives", 7),
        "docs/products.md": PageName("boatyard-products", 7), "docs/serving.md": PageName("boatyard-serving", 7),
        "docs/sbom.md": PageName("boatyard-sbom", 7), "docs/fleet.md": PageName("boatyard-fleet", 7),
    ]

    /// All pages, in the order of their paths.
    ///
    /// - Parameters:
    ///   - agent: the root of the verbs of machines.
    ///   - builder: the root of the verbs of build machines.
    ///   - read: the text of a file of the checkout.
    /// - Throws: what `read` throws; `JSONError` when ArgumentParser describes a verb in a way that is not known here.
    package static func pages(
        agent: any DocumentedCommand.Type, builder: any DocumentedCommand.Type, read: (String) throws -> String
    ) throws -> [ManualPage] {
        var pages = files
        for (path, name) in documents {
            pages.append(ManualPage(name, document: path, text: try read(path), pages: documents))
        }
        let others = pages.map(\.name).sorted { $0.path < $1.path }
        for (root, section) in [(agent, 8), (builder, 1)] {
            let guides = others.filter { $0.name.hasPrefix(root._commandName) }
            pages += try VerbPages(section: section, pages: documents).pages(of: root, guides: guides)
        }
        return pages.sorted { $0.name.path < $1.name.path }
    }

    /// The pages of files that are explained together with others in a document.
    private static var files: [ManualPage] {
        let install = ManualPage(
            PageName("lifeboot.install", 5), title: "How a medium installs a machine",
            lead: "`install.yaml` on a medium says on which disk it is installed, and how; see docs/installing.md.",
            keys: InstallFile.table.entries, pages: documents)
        return [install]
            + SpecKind.allCases.map { kind in
                let (title, guide) = words(kind)
                return ManualPage(
                    PageName(kind == .boatyard ? "boatyard.yaml" : "boatyard.\(kind.rawValue)", 5), title: title,
                    lead: "`\(kind.fileName)` lies in the folder of a layer; see docs/\(guide).md. "
                        + "`boatyard schema \(kind.rawValue)` prints the same as a JSON Schema.",
                    keys: kind.entries, pages: documents)
            }
    }

    /// What a file of a layer is, and the document that explains it.
    private static func words(_ kind: SpecKind) -> (title: String, guide: String) {
        switch kind {
        case .boatyard: ("What a layer is and what it lies on", "packages")
        case .package: ("How a package is built, and what it consists of", "packages")
        case .derivative: ("What an image consists of", "derivatives")
        case .values: ("Values that files of a layer refer to", "packages")
        case .lock: ("Which images, downloads and packages a layer uses, by digest", "packages")
        }
    }
}
