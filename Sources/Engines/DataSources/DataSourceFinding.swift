package import InstanceData

/// What was found of the data of this instance, from one source.
package struct DataSourceFinding: Sendable {
    /// The source's name: that of a provider, `file`, or `url`; nil when nothing was found.
    package var provider: String?
    /// Where it was found: a device, a file, an address, or what firmware calls it.
    package var place = ""
    /// User data as it came; nil when there is none.
    package var text: [UInt8]?
    /// The pieces of the vendor's data and then of the user's, so that those of the user are used later and count.
    package var parts: [UserDataPart] = []
    /// What is said about the instance: name, host name, keys.
    package var metadata = InstanceMetadata()
    /// Files for systemd-networkd, where the source describes the network.
    package var networkFiles: [NetworkConfiguration.File] = []
    /// Sources and addresses that are only asked when there is a network.
    package var later: [String] = []
    /// Whether another search may find more: something of the source, or what user data name by addresses, could not be
    /// had or is for later.
    package var isIncomplete = false
    /// What could not be looked at, so that nothing found does not mean that there is nothing; is among the remarks, too.
    package var unseen: [String] = []
    /// What is worth knowing: what was not used and why, who did not answer; never a secret.
    package var remarks: [String] = []

    /// Has found nothing yet.
    package init() {}
}

/// What a search may cost.
package struct DataSourceLimits: Sendable {
    /// Time for looking at all block devices and reading what one of them has.
    package var localTime: Duration = .seconds(10)
    /// Time for all sources on the network together, once there is a network.
    package var networkTime: Duration = .seconds(10)
    /// Time for all addresses that user data names, together.
    package var includeTime: Duration = .seconds(30)
    /// The longest file or answer, in bytes.
    package var answer = 1 << 20
    /// Addresses that are fetched for one finding, those in fetched texts included.
    package var addresses = 64

    /// The limits that count when nothing else is said.
    package init() {}
}
