package import SystemPackage

/// Says which paths of the system are ephemeral, which persist, and which volumes are mounted (docs/layout.md).
package struct Layout: Equatable, Sendable {
    /// Where ephemeral writes go.
    package enum Store: Equatable, Sendable {
        /// Memory, at most this size: bytes with suffix, or a percentage of memory, as tmpfs takes it.
        case memory(size: String)
        /// A block device, emptied at each boot.
        case device(DeviceReference)
    }

    /// How a persistent path is kept.
    package enum Mode: String, CaseIterable, Sendable {
        /// Files of the image shine through where nothing was changed.
        case overlay
        /// A directory of its own, filled from the image once.
        case bind
    }

    /// A volume mounted besides.
    package struct Volume: Equatable, Sendable {
        /// The device.
        package var device: DeviceReference
        /// Where it is mounted.
        package var path: FilePath
        /// The file system's type; nil to probe.
        package var filesystem: String?
        /// Mount options.
        package var options: [String]
        /// Whether the machine must not boot without it.
        package var required: Bool

        /// Makes a volume.
        package init(
            device: DeviceReference, path: FilePath, filesystem: String? = nil, options: [String] = [],
            required: Bool = true
        ) {
            self.device = device
            self.path = path
            self.filesystem = filesystem
            self.options = options
            self.required = required
        }
    }

    /// Where ephemeral writes go.
    package var store: Store = .memory(size: "25%")
    /// Paths whose changes are gone after a reboot, parents before children.
    package var ephemeralPaths: [FilePath]
    /// The persistent device; nil for the boot disk's persistent partition.
    package var persistentDevice: DeviceReference?
    /// The key file that opens the persistent device when it is encrypted; nil for the usual one.
    package var persistentKeyFile: FilePath?
    /// Whether a persistent device that is not encrypted is refused.
    package var persistentEncrypted = false
    /// How persistent paths are kept.
    package var persistentMode: Mode = .overlay
    /// Paths that persist, parents before children.
    package var persistentPaths: [FilePath] = []
    /// Whether the machine must not boot without the persistent device.
    package var persistentRequired = false
    /// Further volumes in order.
    package var volumes: [Volume] = []

    /// The layout of a machine that names none: everything that systems write to is ephemeral, nothing persists.
    ///
    /// The paths are those of cOS-toolkit's `RW_PATHS` less `/usr/local`, and `/tmp`, which nothing works without.
    package static let `default` = Layout(
        ephemeralPaths: ["/etc", "/var", "/srv", "/root", "/home", "/opt", "/tmp"])

    /// Makes a layout.
    package init(ephemeralPaths: [FilePath]) { self.ephemeralPaths = ephemeralPaths }

    /// Puts parents before children, and otherwise sorts by name, so that mounts nest.
    package static func byDepth(_ paths: [FilePath]) -> [FilePath] {
        paths.sorted { ($0.components.count, $0.string) < ($1.components.count, $1.string) }
    }
}

/// Says why a text of a layout cannot be used; whoever knows where the text stands adds the place.
package struct LayoutError: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what to write instead, without a full stop.
    package var reason: String

    /// Makes an error.
    package init(_ reason: String) { self.reason = reason }

    /// The reason.
    package var description: String { reason }
}

extension Layout {
    /// Adds what the command line says; it wins over the file.
    ///
    /// - Parameters:
    ///   - overlay: the value of `lifeboot.overlay=`.
    ///   - volumes: values of `lifeboot.volume=`, `<device>:<mount point>` each; such a volume is required.
    /// - Throws: `LayoutError` for a value that cannot be read.
    package func merging(overlay: String?, volumes: [String]) throws(LayoutError) -> Layout {
        var layout = self
        if let overlay { layout.store = try Store(parsing: overlay) }
        for text in volumes {
            let volume = try Volume(parsing: text)
            layout.volumes.removeAll { $0.path == volume.path }
            layout.ephemeralPaths.removeAll { $0 == volume.path }
            layout.persistentPaths.removeAll { $0 == volume.path }
            layout.volumes.append(volume)
        }
        return layout
    }
}

extension Layout.Volume {
    /// Reads `LABEL=data:/data`.
    init(parsing text: String) throws(LayoutError) {
        guard let colon = text.lastIndex(of: ":") else {
            throw LayoutError("volume '\(text)' has no mount point; write LABEL=data:/data")
        }
        let path = try FilePath.volumePoint(String(text[text.index(after: colon)...]))
        do throws(DeviceReferenceError) {
            self.init(device: try DeviceReference(parsing: String(text[..<colon])), path: path)
        } catch { throw LayoutError(error.description) }
    }
}

extension Layout.Store {
    /// Reads `tmpfs:25%`, `tmpfs:512M` or a device reference, the forms of `rd.cos.overlay=`.
    ///
    /// - Throws: `LayoutError` for anything else.
    package init(parsing text: String) throws(LayoutError) {
        guard text.hasPrefix("tmpfs:") else {
            do throws(DeviceReferenceError) { self = .device(try DeviceReference(parsing: text)) } catch {
                throw LayoutError("store: \(error.description) Or write tmpfs:25%.")
            }
            return
        }
        let size = text.dropFirst("tmpfs:".count)
        let digits = size.prefix { $0.isASCII && $0.isNumber }
        let suffix = size.dropFirst(digits.count).lowercased()
        guard let value = Int(digits), value > 0, ["", "k", "m", "g", "%"].contains(suffix),
            suffix != "%" || value <= 100
        else {
            throw LayoutError("store: size '\(size)' is no percentage or number with k, m or g")
        }
        self = .memory(size: String(size))
    }
}
