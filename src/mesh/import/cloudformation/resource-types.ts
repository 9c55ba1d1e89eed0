import type { ResourceKind } from '../found-resource.ts';

/** An App Mesh resource type of CloudFormation. */
export interface MeshType {
  readonly kind: ResourceKind;
  /** The property that names it. */
  readonly name: string;
  /** The property that names the router or gateway it belongs to. */
  readonly parent?: string;
  /** How it is spelled in an ARN. */
  readonly arn: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_AppMesh.html */
export const meshTypes: ReadonlyMap<unknown, MeshType> = new Map([
  ['AWS::AppMesh::Mesh', { kind: 'mesh', name: 'MeshName', arn: '' }],
  ['AWS::AppMesh::VirtualNode', { kind: 'virtualNode', name: 'VirtualNodeName', arn: 'virtualNode' }],
  [
    'AWS::AppMesh::VirtualService',
    { kind: 'virtualService', name: 'VirtualServiceName', arn: 'virtualService' },
  ],
  ['AWS::AppMesh::VirtualRouter', { kind: 'virtualRouter', name: 'VirtualRouterName', arn: 'virtualRouter' }],
  ['AWS::AppMesh::Route', { kind: 'route', name: 'RouteName', parent: 'VirtualRouterName', arn: 'route' }],
  [
    'AWS::AppMesh::VirtualGateway',
    { kind: 'virtualGateway', name: 'VirtualGatewayName', arn: 'virtualGateway' },
  ],
  [
    'AWS::AppMesh::GatewayRoute',
    { kind: 'gatewayRoute', name: 'GatewayRouteName', parent: 'VirtualGatewayName', arn: 'gatewayRoute' },
  ],
]);

/** Properties by which resources of other types are found; a mesh refers to them by name, whatever their id is. */
export const namingProperties: ReadonlyMap<unknown, string> = new Map([
  ['AWS::ServiceDiscovery::PrivateDnsNamespace', 'Name'],
  ['AWS::ServiceDiscovery::PublicDnsNamespace', 'Name'],
  ['AWS::ServiceDiscovery::HttpNamespace', 'Name'],
  ['AWS::ServiceDiscovery::Service', 'Name'],
  ['AWS::Route53::RecordSet', 'Name'],
  ['AWS::Route53::HostedZone', 'Name'],
  ['AWS::SSM::Parameter', 'Name'],
  ['AWS::ECS::Cluster', 'ClusterName'],
  ['AWS::ECS::Service', 'ServiceName'],
]);
