import Faults
import PackageSpecs

extension LayerFile {
    /// Refuses what a build would pass over in silence: a layer says it because it counts on it.
    ///
    /// - Throws: `PackageBuildError` that names the key.
    func checkIsBuilt() throws(PackageBuildError) {
        if !layers.isEmpty {
            throw .notBuilt("layers", "Name an image of the layer below as 'image' in 'build.from'.")
        }
    }

    /// What a build passes over and does without, a sentence each.
    var passedOver: [String] {
        caches.isEmpty ? [] : ["boatyard.yaml: 'cache' is not asked by this boatyard: all is built here"]
    }
}

extension PackageBuildError {
    fileprivate static func notBuilt(_ key: String, _ remedy: String) -> PackageBuildError {
        PackageBuildError(
            .unsupported, "building with", "boatyard.yaml", cause: "this boatyard does not build with '\(key)' yet",
            remedy: remedy)
    }
}
