import PackageSpecs

extension LayerFile {
    /// What a build passes over and does without, a sentence each.
    var passedOver: [String] {
        caches.isEmpty ? [] : ["boatyard.yaml: 'cache' is not asked by this boatyard: all is built here"]
    }
}
