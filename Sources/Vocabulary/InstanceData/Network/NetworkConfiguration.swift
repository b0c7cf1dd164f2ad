package import DocumentTree

/// A network configuration of a cloud as files for systemd-networkd.
package struct NetworkConfiguration: Sendable {
    /// One file.
    package struct File: Equatable, Sendable {
        /// The name, such as `10-lifeboot-eth0.network`; it belongs into `/run/systemd/network`.
        package var name: String
        /// The text.
        package var text: String
    }

    /// The files, in the order of the document; empty when it leaves the network as it is.
    package private(set) var files: [File]
    /// What of the document is not in the files, with place and reason.
    package private(set) var remarks: [DocumentError]

    /// Reads a `network-config` of version 1 or 2, with or without the key `network` around it, or OpenStack's
    /// `network_data.json`, which is told by its `links`.
    ///
    /// What cannot be used is left out with a remark, so that one slip never takes the whole network away.
    ///
    /// - Throws: `DocumentError` for a document that is none of these.
    package init(_ document: DocumentNode) throws(DocumentError) {
        let root = document["network"] ?? document
        var reader = NetworkReader()
        if root["config"]?.plainText == "disabled" {
            reader.remark(root.mark, "the configuration says 'disabled', so the network is left as it is")
        } else if root["version"]?.plainText == "1" {
            try reader.readVersion1(root)
        } else if root["version"]?.plainText == "2" {
            try reader.readVersion2(root)
        } else if root["links"] != nil {
            try reader.readOpenStack(root)
        } else {
            throw DocumentError(
                at: root.mark, "a network configuration needs version: 1 or version: 2, or the links of OpenStack")
        }
        reader.finish()
        files = NetworkdFiles(reader.links).files
        remarks = reader.remarks
    }
}
