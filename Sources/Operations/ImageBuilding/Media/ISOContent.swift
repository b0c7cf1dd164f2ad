import ImagePlanning
import SystemPackage

/// Lists what lies on a medium, and where each file's bytes are on this machine.
struct ISOContent {
    let request: ISORequest
    let images: ISOImages
    let loader: ISOBootLoader
    let staging: FilePath

    /// Everything but the sums.
    func entries() throws -> [MediaEntry] {
        var entries = try (images.all.flatMap { try $0.entries(staging: staging) }).map { try MediaEntry($0) }
        entries += try loader.programs.map { try MediaEntry($0.path, $0.source) }
        entries.append(try MediaEntry(ISOBootLoader.configuration, loader.menuFile))
        let configuration = MediumConfiguration(
            oemFiles: request.oemFiles,
            installation: MediumInstallation(
                file: request.installation, passphrase: request.passphrase, images: images.all.map(\.id),
                sign: request.sign, staging: staging))
        return entries + (try configuration.entries())
    }
}
