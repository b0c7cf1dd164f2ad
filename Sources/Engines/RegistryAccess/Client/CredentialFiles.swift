import Faults
import LinuxSystem
import RegistryModel
import SystemPackage

/// Reads the credentials files that a configuration names.
enum CredentialFiles {
    /// The credentials for a repository: of the file chosen for the operation, else of the registry's own, else of the
    /// last general file that has any.
    ///
    /// - Throws: `RegistryError` (`local`) when a file is there and cannot be read, or one of the first two is not there.
    static func credentials(
        for reference: ImageReference, _ configuration: RegistryConfiguration
    ) throws(RegistryError) -> Credentials? {
        for path in [configuration.chosenAuthFile, configuration.settings(for: reference.registry).authFile] {
            if let path, let found = try named(path).credentials(for: reference) { return found }
        }
        return try last(of: configuration.authFiles, for: reference)
    }

    /// Refuses files that were named for this operation and are not there, also where nobody would read them.
    ///
    /// - Throws: `RegistryError` (`local`).
    static func check(_ configuration: RegistryConfiguration) throws(RegistryError) {
        let files = [
            ("the credentials file", configuration.chosenAuthFile),
            ("the certificate authorities", configuration.chosenCertificateAuthority),
        ]
        for case (let name, let path?) in files {
            let status: FileStatus?
            do throws(SystemError) { status = try FileStatus.of(path) } catch { throw RegistryError(.local, error) }
            guard status == nil else { continue }
            throw RegistryError(
                .local, "reading \(name)", path.string, cause: "there is no such file",
                remedy: "Check the path, or take the option out of the command.")
        }
    }

    /// Reads a file that somebody has named: without it the question would be asked as nobody.
    private static func named(_ path: FilePath) throws(RegistryError) -> AuthFile {
        if let file = try read(path) { return file }
        throw RegistryError(
            .local, "reading the credentials file", path.string, cause: "there is no such file",
            remedy: "Write it with 'skopeo login --authfile', or take it out of the command or the configuration.")
    }

    /// Reads all files, so that one that cannot be read is never overlooked.
    private static func last(
        of paths: [FilePath], for reference: ImageReference
    ) throws(RegistryError) -> Credentials? {
        var found: Credentials?
        for path in paths {
            if let file = try read(path), let own = file.credentials(for: reference) { found = own }
        }
        return found
    }

    private static func read(_ path: FilePath) throws(RegistryError) -> AuthFile? {
        do {
            guard let bytes = try FileBytes.readIfPresent(path, limit: AuthFile.maximumLength) else { return nil }
            return try AuthFile(parsing: bytes)
        } catch let error as RegistryModelError {
            throw RegistryError(.local, error, subject: "\(path.string) at \(error.subject)")
        } catch let error as SystemError {
            throw RegistryError(.local, error)
        } catch {
            throw RegistryError(
                .local, "reading the credentials file", path.string, because: error, remedy: "Check the file.")
        }
    }
}
