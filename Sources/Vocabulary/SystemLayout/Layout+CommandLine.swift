import SystemPackage

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
        let path = try FilePath.mountPoint(String(text[text.index(after: colon)...]))
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
