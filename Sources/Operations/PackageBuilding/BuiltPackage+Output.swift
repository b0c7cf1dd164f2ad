package import BuildPlanning
package import PackageModel
package import PackageRepositories

extension BuiltPackage {
    /// A package as the cache of builds has it.
    ///
    /// - Parameter key: that of its build.
    package init(_ metadata: PackageMetadata, _ output: BuildOutput, _ cache: BuildCache, key: String?) {
        let layer = output.layer.flatMap { digest in
            output.content.map {
                BuiltPackage.Layer(path: cache.blob(digest), digest: digest, size: Int(output.size), diffID: $0)
            }
        }
        self.init(metadata, layer: layer, installedSize: output.installedSize)
        buildKey = key
    }
}
