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
            throw LayoutError(at: nil, "volume '\(text)' has no mount point; write LABEL=data:/data")
        }
        let path = try FilePath.mountPoint(String(text[text.index(after: colon)...]))
        do throws(DeviceReferenceError) {
            self.init(device: try DeviceReference(parsing: String(text[..<colon])), path: path)
        } catch { throw LayoutError(at: nil, error.description) }
    }
}
