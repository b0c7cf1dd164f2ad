import ReleaseModel
import SystemPackage
import Transactions

extension HookRunner {
    /// Whether a hook that fails ends a reset or an installation: unless the options or the configuration are lenient.
    ///
    /// A configuration that cannot be read says nothing, and is no error here: a broken `/oem/lifeboot.yaml` must not
    /// prevent the reset that wipes it.
    ///
    /// - Parameters:
    ///   - asked: what the options say.
    ///   - files: for tests.
    static func areStrict(_ asked: Bool, by files: [FilePath] = AgentConfiguration.files) -> Bool {
        asked && ((try? ConfigurationFiles.read(files))?.hooksAreStrict ?? true)
    }
}
