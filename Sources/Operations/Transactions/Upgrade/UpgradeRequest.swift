package import ImageModel
package import SystemPackage
package import TransactionPlanning

/// What `lifeboot upgrade` was asked for.
package struct UpgradeRequest: Equatable, Sendable {
    /// The source as it was typed; nil follows the channel.
    package var source: String?
    /// What the operator allowed.
    package var options = UpgradeOptions()
    /// Whether fetching the image as a whole is refused whatever the policy says.
    package var refusesFullDownload = false
    /// A docker-style file with credentials.
    package var authFile: FilePath?
    /// A PEM file with authorities to trust.
    package var certificateAuthority: FilePath?
    /// Whether failures of hooks are only warnings.
    package var hooksAreLenient = false
    /// The version of this agent.
    package var agent: AgentVersion

    /// Asks for what the channel has.
    package init(agent: AgentVersion) { self.agent = agent }
}
