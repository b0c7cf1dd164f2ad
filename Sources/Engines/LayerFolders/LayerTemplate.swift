import Faults
import ImageModel
import LinuxSystem
package import PackageSpecs
package import SystemPackage

/// The files of a layer that somebody begins with: a small service, its check, and an image on top of another layer.
package struct LayerTemplate: Equatable, Sendable {
    /// A file of it.
    package struct File: Equatable, Sendable {
        /// Its path in the layer's folder.
        package let path: FilePath
        /// What is in it.
        package let text: String
        /// Whether it is a program.
        package let isExecutable: Bool
    }

    /// The layer's name, which is also that of its image.
    package let name: String
    /// The repository of the layer below, as `boatyard.yaml` has it.
    package let below: String

    /// Takes what differs between layers.
    ///
    /// - Throws: `SpecError` for a name that files of layers do not take.
    package init(name: String, below: String) throws(SpecError) {
        guard ManifestText.isName(name) else {
            throw SpecError(
                .content, "making a layer", name,
                cause: "a layer's name is at most 64 letters, digits, '.', '_' and '-'", remedy: "Give one with --name."
            )
        }
        self.name = name
        self.below = below
    }

    /// All of it; `boatyard.yaml` comes last, so that what is cut short is no layer.
    package var files: [File] {
        [
            file(".gitignore", Self.ignored),
            file("packages/hello/package.yaml", Self.package),
            file("packages/hello/tree/usr/lib/systemd/system/hello.service", Self.unit),
            file("health/required/50-hello", Self.check, isExecutable: true),
            file("oem/10_\(name).yaml", defaults),
            file("derivative.yaml", derivative),
            file("boatyard.yaml", layer),
        ]
    }

    private func file(_ path: String, _ text: String, isExecutable: Bool = false) -> File {
        File(path: FilePath(path), text: text + "\n", isExecutable: isExecutable)
    }

    private var layer: String {
        """
        # docs/packages.md explains the files. Below, key: the public key of whoever publishes the layer below.
        format: 1
        name: \(name)
        layers: [{name: foundation, repository: "\(below)", key: keys/foundation.pub}]
        """
    }

    private var derivative: String {
        """
        # The image of this layer; docs/derivatives.md has every key.
        format: 1
        name: \(name)
        version: 0.1.0
        packages: [system/foundation, app/hello]
        oem: oem
        health: health
        keys: [keys/lifeboot.pub]
        kernel: {arguments: [console=ttyS0]}
        """
    }

    private var defaults: String {
        """
        # What every machine starts with: accounts, files, services (docs/oem.md).
        name: \(name)
        stages:
          initramfs:
            - name: hostname
              hostname: \(name)-{{ trunc 4 .MachineID }}
        """
    }

    private static let ignored = """
        # The private key belongs into a safe; what is built can be built again.
        /keys/*.key
        /out/
        """

    private static let package = """
        # Files beside this one, without a build: docs/packages.md shows how to build them.
        format: 1
        name: app/hello
        version: 0.1.0
        description: Says hello in the journal
        artefact: {files: tree/}
        finalize: [systemctl enable hello.service]
        """

    private static let unit = """
        [Unit]
        Description=Say Hello

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/bin/echo Hello

        [Install]
        WantedBy=multi-user.target
        """

    private static let check = """
        #!/bin/sh
        # A boot counts as healthy only when this says so (docs/operating.md).
        exec systemctl --quiet is-active hello.service
        """
}

extension LayerFolder {
    /// Fills the folder with a layer to begin with; makes it when it is not there.
    ///
    /// - Throws: `SpecError` when something is in it, or a file cannot be written.
    package func fill(with template: LayerTemplate) throws(SpecError) {
        guard try madeEmpty() else {
            throw SpecError(
                .content, "making a layer", path.string, cause: "the folder is not empty",
                remedy: "Name another one, or one that does not exist yet.")
        }
        for file in template.files { try write(file) }
    }

    /// Makes the folder, and says whether nothing is in it.
    private func madeEmpty() throws(SpecError) -> Bool {
        do throws(SystemError) {
            try Folders.make(path)
            return try Folders.isEmpty(path)
        } catch { throw SpecError(.file, "making a layer", path.string, because: error, remedy: "") }
    }

    private func write(_ file: LayerTemplate.File) throws(SpecError) {
        let place = path.pushing(file.path)
        let permissions = FilePermissions(rawValue: file.isExecutable ? 0o755 : 0o644)
        do throws(SystemError) {
            try Folders.make(place.removingLastComponent())
            try AtomicFile.write(Array(file.text.utf8), to: place, permissions: permissions)
        } catch { throw SpecError(.file, "making a layer", place.string, because: error, remedy: "") }
    }
}
